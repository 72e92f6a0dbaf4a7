"""Everything that is searched, made anew from what the rows say, while the old answers.

Analysis takes no lock: rows are read, analysed, and written in short transactions, each only if it
is still the row that was read. Whoever is killed is carried on with by the next.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.db import give_way
from portal.search import vocabulary
from portal.search.analysis import VERSION
from portal.search.engines import postgres
from portal.search.engines.postgres import is_postgres
from portal.search.engines.whoosh import Busy, Index
from portal.search.models import TEXTS, DocumentRow
from portal.search.rows import Texts
from portal.search.service import following
from portal.search.service.indexing import analysed, take_turns

SOME: Final = 200  # rows a transaction: others write in between
COUNTS: Final = 1000  # of words, a transaction

Told = Callable[[str, int, int], None]
"""Which step, and how many of how many are done."""
COUNTING, READING, INDEXING = "counting", "reading", "indexing"

Sessions = sessionmaker[Session]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many documents there are, and of how many the words were made anew."""

    documents: int
    analysed: int


def rebuild_all(
    readers: Sessions,
    writers: Sessions,
    index: Index | None,
    told: Told = lambda _step, _done, _all: None,
    *,
    everything: bool = False,
) -> Rebuilt:
    """Rows that another version has analysed, or `everything`; the index always. Raises Busy where
    somebody else is at it."""
    with _alone(readers, index):
        wanted = _outdated(readers, everything=everything)
        documents = _documents(readers)
        if wanted:  # words first: who is killed leaves rows that say so
            _count_anew(readers, writers, lambda done: told(COUNTING, done, documents))
        _analyse(readers, writers, wanted, partial(told, READING))
        if index is None:
            _renew_lists(writers)
    if index is not None:
        following.rebuild(readers, index, partial(told, INDEXING))
        following.follow(readers, index)
    return Rebuilt(documents, len(wanted))


@contextmanager
def _alone(readers: Sessions, index: Index | None) -> Iterator[None]:
    """Two would count the same correction twice. PostgreSQL has no index beside it."""
    if index is not None:
        with index.pen("analysis"):
            yield
        return
    with readers() as session:
        if not session.scalar(_OURS):
            raise Busy
        yield


_OURS = text("SELECT pg_try_advisory_xact_lock(7216043116)")


def _documents(readers: Sessions) -> int:
    with readers() as session:
        return session.scalar(select(func.count()).where(_IS_THERE)) or 0


def _outdated(readers: Sessions, *, everything: bool) -> Sequence[UUID]:
    which = true() if everything else DocumentRow.analysed != VERSION
    with readers() as session:
        query = select(DocumentRow.id).where(_IS_THERE, which).order_by(DocumentRow.seq)
        return session.scalars(query).all()


_IS_THERE: Final[ColumnElement[bool]] = DocumentRow.is_gone.is_(False)


def _count_anew(readers: Sessions, writers: Sessions, told: Callable[[int], None]) -> None:
    with readers() as session:
        if is_postgres(session):  # SQLite reads as of a moment anyway
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        wrong = vocabulary.corrections(session, told)
    for start in range(0, len(wrong), COUNTS):
        with writers.begin() as session:
            take_turns(session)
            vocabulary.correct(session, wrong[start : start + COUNTS])
        give_way(writers)
    with writers.begin() as session:
        vocabulary.forget_unwritten(session)


def _analyse(
    readers: Sessions, writers: Sessions, keys: Sequence[UUID], told: Callable[[int, int], None]
) -> None:
    for start in range(0, len(keys), SOME):
        with readers() as session:
            rows = session.execute(_READ, {"keys": keys[start : start + SOME]}).all()
        made = [_made(row) for row in rows]
        with writers.begin() as session:
            take_turns(session)
            if made:
                session.connection().execute(_WRITTEN, made)
            if is_postgres(session):
                postgres.take(session, map(_entry, rows, made))
        told(min(start + SOME, len(keys)), len(keys))
        give_way(writers)


def _renew_lists(writers: Sessions) -> None:
    with writers.begin() as session:
        take_turns(session)
        postgres.renew(session)


_READ = select(DocumentRow.id, DocumentRow.seq, DocumentRow.language, *TEXTS).where(
    DocumentRow.id.in_(bindparam("keys", expanding=True))
)


def _made(row: Any) -> dict[str, object]:
    words = analysed(Texts(*row[3:]), row.language)
    return {"key": row.id, "read_at": row.seq, **{f"new_{k}": v for k, v in words.items()}}


def _entry(row: Any, made: dict[str, Any]) -> postgres.Entry:
    return postgres.Entry(row.id, row.seq, row.language, made["new_words"])


_WRITTEN = (
    update(DocumentRow)
    .where(DocumentRow.id == bindparam("key"), DocumentRow.seq == bindparam("read_at"))
    .values(words=bindparam("new_words"), analysed=bindparam("new_analysed"))
)
"""A row that has changed since it was read has been analysed by whoever changed it."""
