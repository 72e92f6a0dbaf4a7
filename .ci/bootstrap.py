"""Makes .venv ready: the pinned packages, the `corbel` command, compiled translations.

Runs under any Python 3 with nothing installed, so that it can say plainly what is missing.
Repeating it costs a moment: a stamp in .venv names the lock file it was made from.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import chromium
import debian
from house import ROOT, Stop, say

LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
CANDIDATES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14", "python")


def main():
    with Path(__file__).open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        try:
            install()
            translate()
            if "--browser" in sys.argv:
                chromium.ensure()
        except Stop as stop:
            sys.exit(f"error: {stop}")
        except subprocess.CalledProcessError as failed:
            command = " ".join(map(str, failed.cmd))
            sys.exit(f"error: this command failed ({failed.returncode}): {command}")


def run(*command, **options):
    subprocess.run(list(map(str, command)), check=True, cwd=str(ROOT), **options)


def install():
    stamp = VENV / f"installed-{fingerprint()}"
    if stamp.exists() and PYTHON.exists():
        return
    python, version = find_python()
    if venv_version() != version:
        make_venv(python, version)
    install_packages(python)
    place_project()
    for old in VENV.glob("installed-*"):
        old.unlink()
    stamp.touch()
    say("installed; the command is .venv/bin/corbel")


def fingerprint():
    parts = str(ROOT).encode(), LOCK.read_bytes(), Path(__file__).read_bytes()
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def find_python():
    """The first interpreter that is new enough: (path, (major, minor))."""
    wanted = os.environ.get("PYTHON")
    too_old = []
    for name in [wanted] if wanted else CANDIDATES:
        path, version = describe(name)
        if version >= OLDEST:
            return path, version
        if path:
            too_old.append(f"{name} is {version[0]}.{version[1]}")
    raise Stop(
        f"Corbel needs Python {OLDEST[0]}.{OLDEST[1]} or newer; "
        f"found: {'; '.join(too_old) or 'none'}.\n"
        "  Install one (Debian 12 and later: apt-get install python3) or name it:\n"
        "  make PYTHON=/path/to/python3.12 run"
    )


def describe(name):
    """(path, (major, minor)) of an interpreter; (None, ()) when it doesn't run."""
    ask = "import sys; print(sys.executable); print(*sys.version_info[:2])"
    try:
        path, version = answer(name, ask).splitlines()
    except (OSError, subprocess.CalledProcessError):
        return None, ()
    return path, tuple(map(int, version.split()))


def answer(python, question):
    command = [str(python), "-c", question]
    return subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()


def venv_version():
    return describe(PYTHON)[1]


def make_venv(python, version):
    say(f"making .venv with Python {version[0]}.{version[1]} ({python})")
    shutil.rmtree(str(VENV), ignore_errors=True)
    # pip comes in from outside below, because Debian ships Python without ensurepip
    run(python, "-m", "venv", "--without-pip", VENV)


def install_packages(python):
    say("installing the packages of requirements.lock into .venv (hashes are checked)")
    options = ["--require-hashes", "--no-deps", "--quiet", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as scratch:
        # imported from where it lies, so that .venv holds what the lock names and no more
        environment = dict(os.environ, PYTHONPATH=str(pip_wheel(python, Path(scratch))))
        run(PYTHON, "-m", "pip", "install", *options, "-r", LOCK, env=environment)
    # whoosh warns of its own syntax when first compiled, and tests make warnings errors
    run(PYTHON, "-W", "ignore", "-m", "compileall", "-q", packages() / "whoosh")


def packages():
    (folder,) = VENV.glob("lib/python3*/site-packages")
    return folder


def pip_wheel(python, scratch):
    """A pip to import: Python's own, else the one that Debian packs."""
    places = [bundled_wheels(python), Path("/usr/share/python-wheels")]
    if not pip_wheels(places):
        say("this Python has no pip: taking Debian's package python3-pip-whl")
        unpack_pip(scratch)
        places = [scratch / "usr/share/python-wheels"]
    return pip_wheels(places)[0]


def bundled_wheels(python):
    where = "import importlib.util as i; s = i.find_spec('ensurepip'); print(s and s.origin)"
    return Path(answer(python, where)).parent / "_bundled"


def pip_wheels(places):
    return [wheel for place in places for wheel in place.glob("pip-*.whl")]


def unpack_pip(scratch):
    try:
        debian.unpack(["python3-pip-whl"], scratch)
    except subprocess.CalledProcessError as failed:
        raise Stop(
            "Debian's python3-pip-whl could not be fetched; as root type:\n"
            "  apt-get update && apt-get install python3-venv"
        ) from failed


def place_project():
    """Run from this checkout: a path file instead of a build, so no build tool is needed."""
    (packages() / "corbel.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "corbel"
    command.write_text(
        f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"  # a #! line can't hold blanks
        "import sys\n\nfrom portal.cli import main\n\nsys.exit(main())\n"
    )
    command.chmod(0o755)


def translate():
    """Compile what changed; the compiled files are not kept in git."""
    for source in ROOT.glob("translations/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        say(f"compiling {source.relative_to(ROOT)}")
        pybabel = ["babel.messages.frontend", "--quiet", "compile"]
        run(PYTHON, "-m", *pybabel, "-i", source, "-o", compiled)


if __name__ == "__main__":
    main()
