"""The browser of the tests: one that is there, else Debian's."""

import os
import shutil
import subprocess

import debian
from house import ROOT, Stop, say

NAMES = ("chromium", "chromium-browser", "google-chrome")
UNPACKED = ROOT / "build" / "chromium"
LAUNCHER = UNPACKED / "launch"  # tests/fixtures/browser.py looks here last
WANTED = ["chromium", "fonts-dejavu-core"]


def ensure():
    if present():
        return
    say("the browser tests need Chromium, and none is installed")
    try:
        if not debian.install(WANTED):
            unpack()
    except subprocess.CalledProcessError as failed:
        raise Stop(ADVICE) from failed
    if not present():
        raise Stop(ADVICE)


ADVICE = (
    "Chromium could not be installed. As root type: apt-get update && apt-get install chromium\n"
    "  or name a browser that you have: CHROMIUM=/path/to/chrome make test"
)


def present():
    named = os.environ.get("CHROMIUM")
    if named and not os.access(named, os.X_OK):
        raise Stop(f"CHROMIUM={named} is not a program that can be run")
    choices = [named] if named else [*filter(None, map(shutil.which, NAMES)), LAUNCHER]
    return any(_starts(choice) for choice in choices)


def _starts(choice):
    try:
        subprocess.check_output([str(choice), "--version"], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def unpack():
    say("no root here: unpacking Debian's Chromium into build/chromium")
    shutil.rmtree(str(UNPACKED), ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    debian.unpack(WANTED, UNPACKED)
    folders = [*UNPACKED.glob("usr/lib/*-linux-gnu*"), *UNPACKED.glob("lib/*-linux-gnu*")]
    folders += [path for path in UNPACKED.glob("usr/lib/*-linux-gnu*/*") if path.is_dir()]
    LAUNCHER.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(map(str, folders))}'\n"
        f"export XDG_DATA_DIRS='{UNPACKED}/usr/share:/usr/local/share:/usr/share'\n"
        f"exec '{UNPACKED}/usr/lib/chromium/chromium' \"$@\"\n"
    )
    LAUNCHER.chmod(0o755)
