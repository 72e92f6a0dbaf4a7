"""Lists of ideas, each in the order of an index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.permissions import Actor
from portal.foundation.keyset import highest_first
from portal.foundation.paging import Cursor, Page
from portal.ideas.models import OPEN, FeatureRequest
from portal.ideas.models import FeatureRequestVote as Vote
from portal.ideas.queries.reach import readable

PAGE_ROWS: Final = 20
ORDERS: Final[dict[str, InstrumentedAttribute[Any]]] = {
    "wanted": FeatureRequest.vote_count,
    "trending": FeatureRequest.heat,
    "new": FeatureRequest.created_at,
}
NEWEST: Final = "new"
_KEY = (FeatureRequest.created_at, FeatureRequest.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`order`: one of ORDERS. `statuses` and `category` narrow the list; so does `voted_by`, to
    what a builder has voted for. Of that "new" is what it voted for last."""

    order: str = "wanted"
    statuses: Sequence[str] = OPEN
    category: str = ""
    voted_by: UUID | None = None


def listed(
    session: Session,
    actor: Actor | None,
    wanted: Wanted,
    cursor: Cursor | None = None,
    rows: int = PAGE_ROWS,
) -> Page[FeatureRequest]:
    """The most, hottest or newest first; what was merged stands in no list."""
    if wanted.voted_by is not None and wanted.order == NEWEST:
        return _voted_last(session, actor, wanted, wanted.voted_by, cursor, rows)
    by = ORDERS[wanted.order]
    query = select(FeatureRequest).where(*_narrowed(actor, wanted), *_voted_by(wanted))
    order = (by, FeatureRequest.id)
    return highest_first(session, query, order, _KEY, _place(session, by, cursor), cursor, rows)


def _narrowed(actor: Actor | None, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield readable(actor)
    yield FeatureRequest.merged_into_id.is_(None)
    if wanted.statuses:
        yield FeatureRequest.status.in_(wanted.statuses)
    if wanted.category:
        yield FeatureRequest.category == wanted.category


def _voted_by(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """By the builder's votes: there are fewer of them than ideas."""
    if wanted.voted_by is not None:
        own = select(Vote.request_id).where(Vote.builder_id == wanted.voted_by)
        yield FeatureRequest.id.in_(own)


def _voted_last(
    session: Session,
    actor: Actor | None,
    wanted: Wanted,
    builder_id: UUID,
    cursor: Cursor | None,
    rows: int,
) -> Page[FeatureRequest]:
    """Along the builder's votes, of which only so many are read as are shown."""
    order = (Vote.created_at, Vote.id)
    own = Vote.builder_id == builder_id
    query = select(FeatureRequest).join(Vote, Vote.request_id == FeatureRequest.id)
    place = None
    if cursor is not None:
        beside = select(*order).where(own, Vote.request_id == cursor.id)
        row = session.execute(beside).one_or_none()
        place = None if row is None else tuple(row)
    query = query.where(own, *_narrowed(actor, wanted))
    return highest_first(session, query, order, _KEY, place, cursor, rows)


def _place(
    session: Session, by: InstrumentedAttribute[Any], cursor: Cursor | None
) -> tuple[Any, ...] | None:
    """Where the cursor's row stands now."""
    if cursor is None:
        return None
    row = session.execute(select(by, FeatureRequest.id).where(FeatureRequest.id == cursor.id))
    found = row.one_or_none()
    return None if found is None else tuple(found)
