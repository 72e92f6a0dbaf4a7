"""The browser of the tests, and what its driver needs: what is there, else Debian's."""

import os
import shutil
import subprocess

import debian
from house import ROOT, Stop, say

SHELL = "chromium-headless-shell"  # two thirds of the work: it starts nothing that nobody sees
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
UNPACKED = ROOT / "build" / "chromium"
LAUNCHER = UNPACKED / "launch"  # tests/fixtures/browser.py looks here last
NODE_LAUNCHER = UNPACKED / "node"  # and here first
# its data is in a package of its own; libatomic is for Playwright's Node
WANTED = [SHELL, "chromium-common", "fonts-dejavu-core", "libatomic1"]
ADVICE = (
    "the browser tests can't run. As root type:\n"
    f"  apt-get update && apt-get install {' '.join(WANTED)}\n"
    "  or name a browser that you have: CHROMIUM=/path/to/chrome make test"
)


def ensure():
    if browser_starts() and driver_starts():
        lighten()
        return
    say("the browser tests need Chromium and libatomic, and one of them is not installed")
    try:
        if not debian.install(WANTED):
            unpack()
    except subprocess.CalledProcessError as failed:
        raise Stop(ADVICE) from failed
    if not (browser_starts() and driver_starts()):
        raise Stop(ADVICE)


def lighten():
    """Where another browser would do: the lighter one, if it takes no question to have it."""
    if os.environ.get("CHROMIUM") or _starts(LAUNCHER) or _starts(SHELL):
        return
    try:
        debian.install([SHELL])
    except subprocess.CalledProcessError:
        say(f"{SHELL} can't be had here: the tests take the browser there is, and longer")


def browser_starts():
    named = os.environ.get("CHROMIUM")
    if named and not os.access(named, os.X_OK):
        raise Stop(f"CHROMIUM={named} is not a program that can be run")
    choices = [named] if named else [*filter(None, map(shutil.which, NAMES)), LAUNCHER]
    return any(_starts(choice) for choice in choices)


def driver_starts():
    return _starts(NODE_LAUNCHER) or _starts(node())


def node():
    (found,) = ROOT.glob(".venv/lib/python3*/site-packages/playwright/driver/node")
    return found


def _starts(program):
    try:
        subprocess.check_output([str(program), "--version"], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def unpack():
    say("no root here: unpacking Debian's packages into build/chromium")
    shutil.rmtree(str(UNPACKED), ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    debian.unpack(WANTED, UNPACKED)
    _launch(UNPACKED / "usr/lib/chromium" / SHELL, LAUNCHER)
    _launch(node(), NODE_LAUNCHER)


def _launch(program, launcher):
    """A script that starts the program with the unpacked libraries."""
    folders = [*UNPACKED.glob("usr/lib/*-linux-gnu*"), *UNPACKED.glob("lib/*-linux-gnu*")]
    folders += [path for path in UNPACKED.glob("usr/lib/*-linux-gnu*/*") if path.is_dir()]
    launcher.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(map(str, folders))}'\n"
        f"export XDG_DATA_DIRS='{UNPACKED}/usr/share:/usr/local/share:/usr/share'\n"
        f"exec '{program}' \"$@\"\n"
    )
    launcher.chmod(0o755)
