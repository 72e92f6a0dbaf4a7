"""An index that is deleted, broken, locked or behind: searching goes on, and it is made anew."""

import builtins
import errno
import gc
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.foundation.runtime import Runtime
from portal.search.engines.whoosh import Busy, Index
from portal.search.searching import index_of
from portal.search.service import put
from portal.search.service.following import behind, examined, follow, rebuild
from portal.search.service.rebuilding import rebuild_all
from tests.search.conftest import Look, Put, document, titles

TITLES = ["Send an invoice", "Set up scheduling", "Approve an estimate"]


@pytest.fixture
def index(runtime: Runtime) -> Iterator[Index]:
    found = index_of(runtime)
    if found is None:
        pytest.skip("PostgreSQL has no index beside it")
    yield found
    gc.collect()  # who left a file open is told so here, not in another test


@pytest.fixture
def shelf(shelve: Put, index: Index) -> Index:
    for title in TITLES:
        shelve(title, body="Words about it.")
    return index


def files(index: Index) -> list[Path]:
    return [path for path in index.home.rglob("*") if path.is_file()]


def assert_whole(runtime: Runtime, index: Index, look: Look) -> None:
    """Found before it was made anew, and after."""
    assert titles(look("invoices")) == ["Send an invoice"]
    follow(runtime.readers, index)
    assert behind(runtime.readers, index).rows == 0
    assert behind(runtime.readers, index).why == ""
    assert titles(look("invoices")) == ["Send an invoice"]


def test_deleted_under_load(shelf: Index, runtime: Runtime, look: Look) -> None:
    for path in files(shelf):
        path.unlink()
    assert_whole(runtime, shelf, look)


@pytest.mark.parametrize("left", [0, 40])
def test_every_file_cut_short(shelf: Index, runtime: Runtime, look: Look, left: int) -> None:
    for path in files(shelf):
        path.write_bytes(path.read_bytes()[:left])
    assert_whole(runtime, shelf, look)


def test_a_segment_cut_short_under_who_reads_it(shelf: Index, runtime: Runtime, look: Look) -> None:
    for path in files(shelf):
        if path.suffix == ".seg":
            os.truncate(path, 30)
    assert_whole(runtime, shelf, look)


def test_segments_of_nonsense(shelf: Index, runtime: Runtime, look: Look) -> None:
    for path in files(shelf):
        if path.suffix == ".seg":
            path.write_bytes(os.urandom(path.stat().st_size))
    assert_whole(runtime, shelf, look)


def test_of_another_database(shelf: Index, runtime: Runtime, look: Look) -> None:
    state = shelf.state()
    shelf.point_at(state.folder, state.seq + 50)
    assert_whole(runtime, shelf, look)


def test_what_is_up_to_date_is_not_opened(
    shelf: Index, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker asks every few seconds, and seldom needs what reads an index."""
    monkeypatch.setattr(Index, "view", lambda _self: pytest.fail("opened"))
    assert follow(runtime.readers, shelf) == 0


def test_a_folder_that_is_gone(shelf: Index, runtime: Runtime, look: Look) -> None:
    """Noticed though nobody searches."""
    shutil.rmtree(shelf.home / shelf.state().folder)
    assert behind(runtime.readers, shelf).why == "its folder is gone"
    assert_whole(runtime, shelf, look)


def test_files_that_nobody_has_read_yet(shelf: Index, runtime: Runtime, look: Look) -> None:
    """Somebody who examines it, or searches, tells the others."""
    for path in files(shelf):
        if path.suffix == ".seg":
            os.truncate(path, 30)
    unread = Index(shelf.home)
    assert behind(runtime.readers, unread).why == ""
    assert examined(runtime.readers, unread).why
    assert behind(runtime.readers, Index(shelf.home)).why == "its files are broken"
    assert_whole(runtime, shelf, look)


def test_one_writes_at_a_time(
    shelf: Index, runtime: Runtime, session: Session, now: datetime, look: Look
) -> None:
    put(session, document("Order materials"), at=now)
    session.commit()
    other = Index(shelf.home)
    with other.pen("write"):
        assert follow(runtime.readers, shelf) == 0
        assert titles(look("materials")) == ["Order materials"]
    assert follow(runtime.readers, shelf) == 1
    with other.pen("rebuild"), pytest.raises(Busy):
        rebuild(runtime.readers, shelf)


def test_the_writer_is_killed(shelf: Index, runtime: Runtime, look: Look) -> None:
    """Its pen is free at once, and what it left behind is no index."""
    code = (
        "import sys, time; from pathlib import Path\n"
        "from portal.search.engines.whoosh import Index\n"
        "index = Index(Path(sys.argv[1]))\n"
        "with index.pen('write'):\n"
        "    index.begin(); print('writing', flush=True); time.sleep(60)\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(shelf.home)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    with pytest.raises(Busy), shelf.pen("write"):
        pass
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with shelf.pen("write"):
        pass
    rebuild(runtime.readers, shelf)
    assert len([path for path in shelf.home.iterdir() if path.is_dir()]) == 1
    assert_whole(runtime, shelf, look)


def test_a_rebuild_while_others_search(
    shelf: Index, runtime: Runtime, look: Look, session: Session, now: datetime
) -> None:
    said: list[tuple[str, int, int]] = []

    def told(step: str, done: int, everything: int) -> None:
        said.append((step, done, everything))
        assert titles(look("invoices")) == ["Send an invoice"]

    done = rebuild_all(runtime.readers, runtime.writers, shelf, told, everything=True)
    assert (done.documents, done.analysed) == (3, 3)
    assert said == [("counting", 3, 3), ("reading", 3, 3), ("indexing", 3, 3)]
    put(session, document("Order materials"), at=now)
    session.commit()
    assert titles(look("materials")) == ["Order materials"]


def test_a_disk_that_takes_nothing(
    shelf: Index, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused by hand, for root writes everywhere."""
    really_open = os.open

    def only_read(path: Any, flags: int, *more: Any, **other: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(shelf.home) in os.fspath(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
        return really_open(path, flags, *more, **other)

    monkeypatch.setattr(os, "open", only_read)
    as_ever = partial(open, opener=only_read)
    for module in (builtins, io):  # pathlib's is the latter
        monkeypatch.setattr(module, "open", as_ever)
    with pytest.raises(OSError, match="Read-only"):
        (shelf.home / "new").open("w").close()
    assert titles(look("invoices")) == ["Send an invoice"]


def test_a_disk_that_is_full(
    shelf: Index,
    runtime: Runtime,
    look: Look,
    session: Session,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What can't be written is found in the rows, and taken when there is room again."""
    put(session, document("Order materials"), at=now)
    session.commit()
    with monkeypatch.context() as full:
        full.setattr(
            "portal.search.engines.whoosh.write",
            lambda *_a, **_k: (_ for _ in ()).throw(OSError(28, "full")),
        )
        with pytest.raises(OSError, match="full"):
            follow(runtime.readers, shelf)
        assert titles(look("materials")) == ["Order materials"]
    assert follow(runtime.readers, shelf) == 1
