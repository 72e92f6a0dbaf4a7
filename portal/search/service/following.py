"""The index on this machine follows the rows; one that can't is made anew beside the old one."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.search.engines.whoosh import Busy, Entry, Index, Unreadable, write
from portal.search.models import DocumentRow
from portal.search.rows import row_kept
from portal.search.service.purging import may_have_missed

log = logging.getLogger(__name__)

TOGETHER: Final = 200  # rows that are read at once
Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


@dataclass(frozen=True, slots=True)
class Behind:
    """How an index stands; `why` where it can't be used."""

    rows: int
    why: str = ""


def follow(sessions: sessionmaker[Session], index: Index) -> int:
    """Take what is new. Returns how many rows that were; 0 where somebody else is at it.

    Who finds the pen in other hands leaves, so whoever lays it down looks once more.
    """
    done = 0
    while (now := behind(sessions, index)).rows or now.why:
        try:
            if now.why:
                raise Unreadable(now.why)
            done += _take(sessions, index)
        except Busy:
            break
        except Unreadable as error:
            log.warning("the search index is made anew: %s", error)
            done += rebuild(sessions, index)
    return done


def examined(sessions: sessionmaker[Session], index: Index) -> Behind:
    """As `behind`, and whether it can be read."""
    try:
        index.view()
    except Unreadable as error:
        return Behind(0, str(error))
    return behind(sessions, index)


def behind(sessions: sessionmaker[Session], index: Index) -> Behind:
    """Asked every few seconds by a worker that seldom needs Whoosh, which weighs 5 MB."""
    with sessions() as session:
        newest = _newest(session)
    try:
        state = index.unopened()
    except Unreadable as error:
        return Behind(newest, str(error))
    if state.seq > newest:
        return Behind(newest, "it is of another database")
    return Behind(newest - state.seq)


def rebuild(
    sessions: sessionmaker[Session], index: Index, told: Progress = lambda _done, _all: None
) -> int:
    """A new index beside the one that answers meanwhile; then in its place. Raises Busy where
    somebody else is making one."""
    with index.pen("rebuild"):
        folder = index.begin()
        with sessions() as session:
            seq = _newest(session)
            everything = session.scalar(_COUNT) or 0
        write(index.home / folder, _entries(sessions, seq, everything, told), afresh=True)
        with index.pen("write", wait=True):
            index.point_at(folder, seq)
        index.tidy()
    return everything


def _take(sessions: sessionmaker[Session], index: Index) -> int:
    with index.pen("write"):
        state = index.state()
        with sessions() as session:
            newest = _newest(session)
            rows = _some(session, state.seq, newest)
            if may_have_missed(session, state.seq):
                raise Unreadable("it was away for longer than what is gone is remembered")
        if rows:
            index.add(
                [_entry(row) for row in rows if not row.is_gone],
                [row.id for row in rows if row.is_gone],
                seq=rows[-1].seq,
            )
        elif newest < state.seq:
            raise Unreadable("it is of another database")
    return len(rows)


_COUNT = select(func.count()).where(DocumentRow.is_gone.is_(False))


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(DocumentRow.seq))) or 0


def _entries(
    sessions: sessionmaker[Session], seq: int, everything: int, told: Progress
) -> Iterator[Entry]:
    """As of `seq`; what changes meanwhile is followed afterwards."""
    done = last = 0
    while rows := _read(sessions, last, seq):
        for row in rows:
            if not row.is_gone:
                yield _entry(row)
                done += 1
        last = rows[-1].seq
        told(done, everything)


def _read(sessions: sessionmaker[Session], last: int, seq: int) -> Sequence[Any]:
    with sessions() as session:
        return _some(session, last, seq)


def _some(session: Session, last: int, seq: int) -> Sequence[Any]:
    return session.execute(_ROWS, {"last": last, "seq": seq}).all()


_ROWS = (
    select(
        DocumentRow.id,
        DocumentRow.seq,
        DocumentRow.is_gone,
        DocumentRow.language,
        DocumentRow.kind,
        DocumentRow.module,
        DocumentRow.category,
        DocumentRow.gates,
        DocumentRow.words,
    )
    .where(DocumentRow.seq > bindparam("last"), DocumentRow.seq <= bindparam("seq"))
    .order_by(DocumentRow.seq)
    .limit(TOGETHER)
)


def _entry(row: Any) -> Entry:
    return Entry(
        row.id,
        row.language,
        (row.kind, row.module, row.category),
        row.gates,
        row_kept(row.words, row.language).weights,
    )
