import os
import subprocess
import sys
import time

import pytest

from portal.ops import datadir
from tests.fixtures.processes import GENEROUS


def test_a_new_directory_is_ours_alone(tmp_path):
    data = tmp_path / "deep" / "data"
    datadir.prepare(data)
    assert data.stat().st_mode & 0o777 == 0o700
    assert list(data.iterdir()) == []


def test_a_file_in_its_place_is_refused_with_what_to_do(tmp_path):
    data = tmp_path / "data"
    data.write_text("a file")
    with pytest.raises(datadir.DataDirError, match=r"can't be written: .*--data"):
        datadir.prepare(data)


def test_one_system_at_a_time(tmp_path):
    held = datadir.lock(tmp_path)
    with pytest.raises(datadir.DataDirError, match=rf"process {os.getpid()}"):
        datadir.lock(tmp_path)
    os.close(held)
    os.close(datadir.lock(tmp_path))


CHILD = """
import sys, time
from pathlib import Path

while Path(sys.argv[1]).exists():
    time.sleep(0.02)
"""
HOLDER = f"""
import subprocess, sys
from pathlib import Path
from portal.ops import datadir

held = datadir.lock(Path(sys.argv[1]))
child = [sys.executable, "-c", {CHILD!r}, sys.argv[2]]
subprocess.Popen(child, pass_fds=[held], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""


@pytest.fixture
def heir(tmp_path):
    """A supervisor is gone, and a child of it lives on until this file is gone too."""
    alive = tmp_path / "alive"
    alive.touch()
    command = [sys.executable, "-c", HOLDER, str(tmp_path), str(alive)]
    subprocess.run(command, check=True, capture_output=True)
    yield alive
    alive.unlink(missing_ok=True)


def test_waits_for_the_children_of_a_killed_one(tmp_path, heir, monkeypatch):
    monkeypatch.setattr(datadir, "LAST_BREATH", GENEROUS)
    rests = []

    def rest(seconds):
        rests.append(seconds)
        heir.unlink(missing_ok=True)
        really_rest(seconds)

    really_rest = time.sleep
    monkeypatch.setattr(datadir.time, "sleep", rest)
    os.close(datadir.lock(tmp_path))
    assert rests


def test_does_not_wait_for_ever(tmp_path, heir, monkeypatch):
    monkeypatch.setattr(datadir, "LAST_BREATH", 0.1)
    with pytest.raises(datadir.DataDirError, match="in use"):
        datadir.lock(tmp_path)


def test_a_socket_folder_that_somebody_prepared_for_us_is_refused(tmp_path):
    trap = tmp_path / "corbel"
    trap.symlink_to(tmp_path)
    with pytest.raises(datadir.DataDirError, match="somebody else"):
        datadir.prepare_socket_folder(trap)


def test_a_socket_folder_is_made_once(tmp_path):
    for _ in range(2):
        datadir.prepare_socket_folder(tmp_path / "corbel")
    assert (tmp_path / "corbel").stat().st_mode & 0o777 == 0o700
