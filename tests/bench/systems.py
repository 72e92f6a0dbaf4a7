"""The programs that are measured: the whole system, and the floor beside it."""

import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.client import Client
from tests.fixtures.live import Live, children_of
from tests.fixtures.processes import ROOT, environment, eventually, start, stop


@contextmanager
def system(data: Path, *flags: str, **settings: str) -> Iterator[Live]:
    """As `corbel up` runs it."""
    live = Live(data, *flags, LOG_LEVEL="error", **settings).start()
    try:
        yield live
    finally:
        live.stop()


@contextmanager
def floor(database: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "tests.bench.floor", bind, str(database)]
    settings = environment({}) | {"MALLOC_ARENA_MAX": "2"}
    process = start(command, orphaned=signal.SIGTERM, cwd=ROOT, env=settings)
    try:
        eventually(lambda: _answers(f"http://{bind}"), 20)
        yield f"http://{bind}"
    finally:
        stop(process)


def _answers(url: str) -> bool:
    try:
        return Client(url).get("/").status == 200
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    return [pid, *(deeper for child in children_of(pid) for deeper in family(child))]


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A short path, for unix sockets; gone afterwards."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"corbel-bench-{name}-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
