"""The data directory: ours alone, writable, and used by one system at a time."""

import fcntl
import os
import stat
import time
from pathlib import Path
from tempfile import TemporaryFile

LOCK = "corbel.lock"
LAST_BREATH = 15.0  # seconds that children of a killed supervisor are given to end


class DataDirError(RuntimeError):
    """The directory can't be used; the message says why and what to do."""


def prepare(data: Path) -> None:
    """Make it (mode 700) or show that files can be written in it."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise DataDirError(
            f"the data directory {data} can't be written: {error.strerror}; "
            "choose another with --data or CORBEL_DATA, or mend its owner and mode"
        ) from error


def prepare_socket_folder(folder: Path) -> None:
    """For a socket outside the data directory: ours alone, though /tmp is everybody's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise DataDirError(f"{folder} belongs to somebody else; choose a shorter --data path")


def lock(data: Path) -> int:
    """Take the directory; returns the descriptor that holds it.

    Children inherit the descriptor, so after a killed supervisor the directory is free only
    when the last of them is gone: two Valkeys never write one file.
    """
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LAST_BREATH
    while not _taken(descriptor):
        holder = os.pread(descriptor, 20, 0).decode().strip()
        if _alive(holder) or time.monotonic() > deadline:
            os.close(descriptor)
            raise DataDirError(
                f"{data} is in use by another `corbel up` (process {holder or 'unknown'}); "
                "stop that one, or choose another directory with --data"
            )
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(holder: str) -> bool:
    """An empty holder has just taken the lock and is about to write its name."""
    if not holder.isdecimal():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
