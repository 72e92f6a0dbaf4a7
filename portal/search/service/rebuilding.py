"""Everything that is searched, made anew from what the rows say, while the old answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.db import give_way
from portal.search import vocabulary
from portal.search.engines.whoosh import Index
from portal.search.models import DocumentRow
from portal.search.service import following
from portal.search.service.indexing import analyse, take_turns

SOME: Final = 20  # rows a transaction: others write in between

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many documents there are, and of how many the words were made anew."""

    documents: int
    analysed: int


def rebuild_all(sessions: sessionmaker[Session], index: Index | None, told: Progress) -> Rebuilt:
    """Rows, words and index. Raises Busy where somebody else makes an index."""
    analysed = _analyse_all(sessions, told)
    with sessions.begin() as session:
        take_turns(session)
        documents = vocabulary.count_anew(session)
    if index is not None:
        following.rebuild(sessions, index, told)
        following.follow(sessions, index)
    return Rebuilt(documents, analysed)


def _analyse_all(sessions: sessionmaker[Session], told: Progress) -> int:
    with sessions() as session:
        keys = session.scalars(
            select(DocumentRow.id).where(DocumentRow.is_gone.is_(False)).order_by(DocumentRow.seq)
        ).all()
    for start in range(0, len(keys), SOME):
        with sessions.begin() as session:
            take_turns(session)
            for row in session.scalars(
                select(DocumentRow).where(DocumentRow.id.in_(keys[start : start + SOME]))
            ):
                analyse(session, row)
        told(min(start + SOME, len(keys)), len(keys))
        give_way(sessions)
    return len(keys)
