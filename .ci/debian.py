"""Packages of Debian and its children, installed as root or unpacked as anyone."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from house import Stop, say


def install(packages):
    """As root, or through sudo where it asks for no password; False where neither is, or no apt."""
    if not shutil.which("apt-get"):
        return False
    command = ["apt-get", "-qq"]
    if os.geteuid() != 0:
        if not shutil.which("sudo") or subprocess.call(["sudo", "-n", "true"]):
            return False
        command = ["sudo", "-n", *command]
    say(f"installing {', '.join(packages)} with apt-get (the system's own packages)")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in ["update"], ["install", "--yes", "--no-install-recommends", *packages]:
        apt = [*command, *arguments]
        subprocess.run(apt, check=True, env=environment, stdout=subprocess.DEVNULL)
    return True


def unpack(packages, target):
    """Put the files of `packages` and what they need below `target`: needs no root."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Stop(f"install {' and '.join(packages)} by hand: there is no apt-get here")
    with tempfile.TemporaryDirectory() as scratch:
        apt = ["apt-get", "-qq", *_private_places(Path(scratch))]
        subprocess.run([*apt, "update"], check=True)
        download = [*apt, "download", *_missing(packages, apt)]
        subprocess.run(download, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        for archive in sorted(Path(scratch).glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", str(archive), str(target)], check=True)


def _private_places(scratch):
    options = []
    for key, name in ("Dir::State::lists", "lists"), ("Dir::Cache", "cache"):
        place = scratch / name
        (place / "partial").mkdir(parents=True)
        options += ["-o", f"{key}={place}/"]
    return options


def _missing(packages, apt):
    """What apt would install here for `packages`, they themselves included."""
    arguments = ["--simulate", "--no-install-recommends", "install", "--reinstall"]
    plan = subprocess.check_output([*apt, *arguments, *packages]).decode()
    installs = (line.split() for line in plan.splitlines() if line.startswith("Inst "))
    return sorted({words[1] for words in installs})
