"""What people looked for, once they had done typing, and what they opened of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.secrets import mask
from portal.search.analysis import composed, sequence, telling
from portal.search.models import Query

STILL_TYPING: Final = timedelta(seconds=20)
"""Words that go on, or are taken back, within this time are one search."""
STILL_READING: Final = timedelta(minutes=30)
"""After which a result that is opened belongs to no search before."""
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looked for what, where. `visitors` are all digests that may be theirs, the one that is
    written first."""

    words: str
    language: str
    hits: int
    surface: str
    visitors: tuple[str, ...]
    builder_id: UUID | None = None
    user_id: UUID | None = None
    module: str = ""
    plan: str = ""
    role: str = ""


def note(session: Session, looked: Looked, *, at: datetime) -> Query | None:
    """One row for a search, however it was typed. None where it has no word."""
    words = mask(composed(looked.words).strip()).text[:LONGEST].strip()
    alike = folded_question(words, looked.language)
    if not alike:
        return None
    row = _going_on(session, looked, words, at)
    if row is None:
        row = Query(
            builder_id=looked.builder_id,
            visitor=looked.visitors[0],
            user_id=looked.user_id,
            surface=looked.surface,
            module=looked.module,
            plan=looked.plan,
            role=looked.role,
        )
        session.add(row)
    row.words, row.folded, row.language = words, alike, looked.language
    row.hits, row.at = looked.hits, at
    return row


def note_opened(
    session: Session, visitors: Collection[str], kind: str, object_id: UUID, *, at: datetime
) -> Query | None:
    """The last search of whoever opened it."""
    row = _last(session, visitors, at - STILL_READING)
    if row is not None:
        row.opened = {"kind": kind, "id": str(object_id)}
    return row


def folded_question(words: str, language: str) -> str:
    """The same for all who ask the same: what its words stand for, in their order."""
    row = sequence(words, language)
    said = telling(row, language) or set(row)
    return " ".join(word for word in row if word in said)[:LONGEST]


def _going_on(session: Session, looked: Looked, words: str, at: datetime) -> Query | None:
    """The row that these words only carry on with."""
    former = _last(session, looked.visitors, at - STILL_TYPING)
    if former is None or former.opened or former.surface != looked.surface:
        return None
    one, other = former.words.lower(), words.lower()
    return former if one.startswith(other) or other.startswith(one) else None


def _last(session: Session, visitors: Collection[str], since: datetime) -> Query | None:
    return session.scalar(
        select(Query)
        .where(Query.visitor.in_(visitors), Query.at >= since)
        .order_by(Query.at.desc(), Query.id.desc())
        .limit(1)
    )
