"""Lists of ideas, each in the order of an index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.permissions import Actor
from portal.foundation.keyset import highest_first
from portal.foundation.paging import Cursor, Page
from portal.ideas.models import OPEN, FeatureRequest, FeatureRequestVote
from portal.ideas.queries.reach import readable

PAGE_ROWS: Final = 20
ORDERS: Final[dict[str, InstrumentedAttribute[Any]]] = {
    "wanted": FeatureRequest.vote_count,
    "trending": FeatureRequest.heat,
    "new": FeatureRequest.created_at,
}
_KEY = (FeatureRequest.created_at, FeatureRequest.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`order`: one of ORDERS. `statuses` and `category` narrow the list; so does `voted_by`, to
    what a builder has voted for."""

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
    by = ORDERS[wanted.order]
    query = select(FeatureRequest).where(*_narrowed(actor, wanted))
    order = (by, FeatureRequest.id)
    return highest_first(session, query, order, _KEY, _place(session, by, cursor), cursor, rows)


def _narrowed(actor: Actor | None, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield readable(actor)
    yield FeatureRequest.merged_into_id.is_(None)
    if wanted.statuses:
        yield FeatureRequest.status.in_(wanted.statuses)
    if wanted.category:
        yield FeatureRequest.category == wanted.category
    if wanted.voted_by is not None:
        yield exists().where(
            FeatureRequestVote.request_id == FeatureRequest.id,
            FeatureRequestVote.builder_id == wanted.voted_by,
        )


def _place(
    session: Session, by: InstrumentedAttribute[Any], cursor: Cursor | None
) -> tuple[Any, ...] | None:
    """Where the cursor's row stands now."""
    if cursor is None:
        return None
    row = session.execute(select(by, FeatureRequest.id).where(FeatureRequest.id == cursor.id))
    found = row.one_or_none()
    return None if found is None else tuple(found)
