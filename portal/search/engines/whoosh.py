"""The Whoosh index on this machine: what it holds, how it is read by many and written by one.

`state.json` names the folder that the index is in, and how far it has followed the table; it is
replaced as a whole. Each process keeps one view open, and looks with each question whether the
state is another.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from portal.search.analysis import VERSION
from portal.search.engines.base import Place
from portal.search.engines.parts import Kept, Part, Shelf
from portal.search.engines.summing import NONE, Find, Postings, postings, said

_BLOCK: Final = 1024  # documents that are read at once


class Unreadable(Exception):
    """There is no index, or none that can be used; it says why."""


class Busy(Exception):
    """Somebody else is writing."""

    def __init__(self) -> None:
        super().__init__("the search index is being made anew already")


@dataclass(frozen=True, slots=True)
class State:
    folder: str
    seq: int
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is written into the index."""

    key: UUID
    language: str
    place: Place
    gates: Sequence[str]
    weights: Mapping[str, float]


class Segment(Part):
    """Opened: postings are read from it, all else lies in memory. What was `kept` of it stays true
    when others are written and documents of it go: a segment is never written again."""

    def __init__(
        self, reader: Any, is_broken: Callable[[], None], kept: Mapping[str, Kept]
    ) -> None:
        self._reader, self._is_broken = reader, is_broken
        self._lock = threading.Lock()  # Whoosh's files have one place for all who read
        schema = reader.schema
        dead = set(reader._perdoc.deleted_docs())
        having: dict[bytes, list[int]] = {}
        packed = reader.column_reader("place", schema["place"].column_type)
        for document, place in enumerate(packed):
            if document not in dead:
                having.setdefault(place, []).append(document)
        super().__init__(
            list(reader.column_reader("key", schema["key"].column_type)),
            {_shelf(place): documents for place, documents in having.items()},
        )
        self.name: str = reader.segment().segment_id()
        self.kept = kept.get(self.name) or Kept()

    def finding(self, language: str) -> Find:
        return lambda stem: self.postings(f"{language}:{stem}")

    def postings(self, term: str) -> Postings:
        known = self.kept.get(term)
        if known is None:
            try:
                with self._lock:
                    known = self._read(term)
            except Exception as error:  # whatever is wrong with its files
                self._is_broken()
                raise Unreadable(f"{type(error).__name__}: {error}") from error
            self.kept.keep(term, known)
        return known

    def _read(self, term: str) -> Postings:
        """Whole blocks, not one document after the other through Whoosh's matchers: that takes
        fifty times as long."""
        from whoosh.reading import TermNotFound

        try:
            found = self._reader.postings("words", term)
        except TermNotFound:
            return NONE
        matcher = getattr(found, "child", found)  # past the filter of deleted ones
        said_of_all = bytearray(self.size)
        while matcher.is_active():
            matcher._read_data()
            matcher._read_weights()
            documents = accumulate(matcher._data[0])
            for document, weight in zip(documents, matcher._weights, strict=True):
                said_of_all[document] = said(weight)
            matcher._next_block()
        return postings(said_of_all)


def _shelf(packed: bytes) -> Shelf:
    kind, module, category, gates = json.loads(packed)
    return (kind, module, category), frozenset(gates)


@dataclass(frozen=True, slots=True)
class View:
    """What an index held when it was opened."""

    seq: int
    parts: Sequence[Segment]
    files: Sequence[tuple[Path, int, int]]  # with size and time of change: they never change

    def is_damaged(self) -> bool:
        """Asked before anything is read: who reads what was cut off from a file that is mapped into
        memory is killed. Files that are gone can still be read by who has them open."""
        return any(_changed(*file) for file in self.files)


def _changed(path: Path, size: int, at: int) -> bool:
    try:
        return _size_and_time(path) != (size, at)
    except OSError:
        return False


def _size_and_time(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


class Index:
    def __init__(self, home: Path) -> None:
        self.home = home
        self._opening = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._view: View | None = None
        self._bad: tuple[int, int] | None = None  # the mark of one that couldn't be read

    # reading

    def view(self) -> View:
        """Raises Unreadable."""
        mark = self._mark()
        view = self._view
        if mark == self._bad or self._broken.exists():
            raise Unreadable("its files are broken")
        if view is None or mark != self._seen:
            with self._opening:
                view = self._view if mark == self._seen else None
                if view is None:
                    view = self._view = self._opened_as(mark)
        if view.is_damaged():
            self.is_broken()
            raise Unreadable("its files have changed")
        return view

    def is_broken(self) -> None:
        """Nobody asks it again, in no process, until it was made anew."""
        self._view, self._bad = None, self._seen
        with suppress(OSError):
            self._broken.touch()

    def _opened_as(self, mark: tuple[int, int]) -> View:
        try:
            opened = self._opened()
        except Unreadable:
            self._seen = mark
            self.is_broken()
            raise
        self._seen = mark
        return opened

    def state(self) -> State:
        """Raises Unreadable."""
        try:
            raw = json.loads(self._state_file.read_bytes())
            state = State(str(raw["folder"]), int(raw["seq"]), int(raw["version"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"no state: {error}") from error
        if state.version != VERSION:
            raise Unreadable("it is of another version")
        return state

    def unopened(self) -> State:
        """What can be told without reading it: who searches finds what is wrong with its files, and
        leaves a mark. Raises Unreadable."""
        state = self.state()
        if self._broken.exists():
            raise Unreadable("its files are broken")
        if not (self.home / state.folder).is_dir():
            raise Unreadable("its folder is gone")
        return state

    def _opened(self) -> View:
        from portal.search.engines.opening import opening

        state = self.state()
        folder = self.home / state.folder
        kept = {part.name: part.kept for part in self._view.parts} if self._view else {}
        try:
            with opening(folder, readonly=True) as index:
                leaves = [leaf for leaf, _ in index.reader().leaf_readers() if leaf.doc_count_all()]
                parts = [Segment(leaf, self.is_broken, kept) for leaf in leaves]
            files = [(path, *_size_and_time(path)) for path in folder.glob("*.seg")]
        except Exception as error:  # whatever is wrong with its files
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        return View(state.seq, parts, files)

    def _mark(self) -> tuple[int, int]:
        try:
            found = self._state_file.stat()
        except OSError as error:
            raise Unreadable(f"no state: {error.strerror}") from error
        return found.st_mtime_ns, found.st_ino

    # writing

    @contextmanager
    def pen(self, name: str, *, wait: bool = False) -> Iterator[None]:
        """One process at a time. Raises Busy. A killed one holds it no longer."""
        import fcntl

        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / f"{name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise Busy from error
            yield

    def add(self, entries: Iterable[Entry], gone: Iterable[UUID], *, seq: int) -> None:
        """With the pen in hand. Entries replace those of the same key. Raises Unreadable."""
        state = self.state()
        try:
            write(self.home / state.folder, entries, gone)
        except OSError:
            raise  # a full or read-only disk: the index is as it was
        except Exception as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        self.point_at(state.folder, seq)

    def begin(self) -> str:
        """An empty folder beside the one in use."""
        from whoosh.index import create_in

        from portal.search.engines.schema import SCHEMA

        name = uuid4().hex
        folder = self.home / name
        folder.mkdir(parents=True)
        create_in(folder, SCHEMA)
        return name

    def point_at(self, folder: str, seq: int) -> None:
        draft = self._state_file.with_suffix(".new")
        with draft.open("w") as file:
            json.dump({"folder": folder, "seq": seq, "version": VERSION}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._state_file)
        self._broken.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Folders that nothing points at."""
        with suppress(Unreadable):
            used = self.state().folder
            for path in self.home.iterdir():
                if path.is_dir() and path.name != used:
                    shutil.rmtree(path, ignore_errors=True)

    @property
    def _broken(self) -> Path:
        return self.home / "broken"

    @property
    def _state_file(self) -> Path:
        return self.home / "state.json"


def write(
    folder: Path, entries: Iterable[Entry], gone: Iterable[UUID] = (), *, afresh: bool = False
) -> None:
    """One segment more. `afresh`: nothing of it can be there yet."""
    from portal.search.engines.opening import opening
    from portal.search.engines.schema import Codec

    with opening(folder) as index:
        codec = Codec(blocklimit=_BLOCK, compression=1)
        writer = index.writer(timeout=5, limitmb=64, codec=codec)
        try:
            for key in gone:
                writer.delete_by_term("name", key.hex)
            for entry in entries:
                if not afresh:
                    writer.delete_by_term("name", entry.key.hex)
                _put(writer, entry)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=not afresh)


def _put(writer: Any, entry: Entry) -> None:
    writer.add_document(
        name=entry.key.hex,
        key=entry.key.bytes,
        place=json.dumps([*entry.place, sorted(entry.gates)]).encode(),
        words=(entry.language, entry.weights),
    )
