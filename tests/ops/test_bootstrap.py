"""`make install`: what it says where something is missing, and that it works only once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path):
    """A checkout without .venv, in a folder whose name has a blank."""
    root = tmp_path / "my corbel"
    root.mkdir()
    shutil.copytree(ROOT / ".ci", root / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "requirements.lock").write_text("")
    return root


def bootstrap(checkout, *arguments, **environ):
    return subprocess.run(
        [sys.executable, str(checkout / ".ci" / "bootstrap.py"), *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environ,
        check=False,
    )


def pretend(folder, name, says, code=0):
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    program.chmod(0o755)
    return program


def test_an_old_python_is_named_with_what_to_do(checkout, tmp_path):
    old = pretend(tmp_path, "python3.9", "/usr/bin/python3.9\n3 9")
    done = bootstrap(checkout, PYTHON=str(old))
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"error: Corbel needs Python 3.11 or newer; found: {old} is 3.9.\n"
    )
    assert "make PYTHON=" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_does_not_run_is_not_taken(checkout, tmp_path):
    broken = pretend(tmp_path, "python3", "command not found", code=127)
    done = bootstrap(checkout, PYTHON=str(broken))
    assert "found: none" in done.stderr


def test_packages_of_another_hash_are_refused(checkout, tmp_path):
    wheel = tmp_path / "one-1.0-py3-none-any.whl"
    wheel.write_bytes(b"something else")
    line = f"one @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n"
    (checkout / "requirements.lock").write_text(line)
    done = bootstrap(checkout, PYTHON=sys.executable)
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "error: this command failed" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((checkout / ".venv").glob("installed-*"))


def test_a_broken_browser_setting_is_said_plainly(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    import chromium
    from house import Stop

    monkeypatch.setenv("CHROMIUM", "/nowhere/chrome")
    with pytest.raises(Stop, match="CHROMIUM=/nowhere/chrome is not a program"):
        chromium.browser_starts()


def test_the_lighter_browser_is_no_condition(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    import chromium
    import debian

    def refused(packages):
        raise subprocess.CalledProcessError(100, ["apt-get", *packages])

    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "_starts", lambda program: program != chromium.SHELL)
    monkeypatch.setattr(chromium, "LAUNCHER", chromium.SHELL)
    monkeypatch.setattr(debian, "install", refused)
    chromium.lighten()
    assert "chromium-headless-shell can't be had here" in capsys.readouterr().out


def test_nothing_is_done_twice():
    began = (ROOT / ".venv").stat().st_mtime_ns
    done = subprocess.run(["make", "-C", str(ROOT), "install"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "installing" not in done.stdout
    assert (ROOT / ".venv").stat().st_mtime_ns == began


def test_the_command_runs_from_anywhere(tmp_path):
    command = [str(ROOT / ".venv" / "bin" / "corbel"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith("Usage: corbel")
