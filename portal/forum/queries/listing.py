"""Threads in a list, each order read along its own index, a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.forum.models import PINNED, UNANSWERED, Follow, Position, Post, State
from portal.foundation import keyset
from portal.foundation.paging import Cursor, Page

A_PAGE: Final = 30
SHOWN_PINNED: Final = 5


class Sort(StrEnum):
    ACTIVE = "active"
    NEW = "new"
    UNANSWERED = "unanswered"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`with_pinned`: among the others; pages show them apart."""

    sort: Sort = Sort.ACTIVE
    category: str = ""
    with_pinned: bool = False


_COLUMNS: Final[Mapping[Sort, InstrumentedAttribute[Any]]] = {
    Sort.ACTIVE: Post.active_at,
    Sort.NEW: Post.created_at,
    Sort.UNANSWERED: Post.created_at,
    Sort.TOP: Post.upvote_count,
}


def threads(
    session: Session, wanted: Wanted, cursor: Cursor | None, rows: int = A_PAGE
) -> Page[Any]:
    """Plain rows, the latest or the most useful first."""
    query = _within(wanted)
    if not wanted.with_pinned:
        query = query.where(Post.pinned_at.is_(None))
    order = (_COLUMNS[wanted.sort], Post.id)
    if wanted.sort is not Sort.TOP:
        return keyset.newest_first(session, query, order, cursor, rows, _read)
    place = None if cursor is None else _place(session, cursor.id)
    columns = (Post.created_at, Post.id)
    return keyset.highest_first(session, query, order, columns, place, cursor, rows, _read)


def pinned(session: Session, category: str) -> Sequence[Any]:
    """Of the category, or of all; the latest first."""
    query = _ROWS.where(text(PINNED), Post.state == State.PUBLISHED)
    if category:
        query = query.where(Post.category == category)
    return session.execute(query.order_by(Post.pinned_at.desc()).limit(SHOWN_PINNED)).all()


def read_to(session: Session, user_id: UUID, post_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How far somebody has read, by thread; nothing of what they have never opened."""
    mine = Position.user_id == user_id, Position.post_id.in_(list(post_ids))
    rows = session.execute(select(Position.post_id, Position.read_to).where(*mine))
    return {post_id: number for post_id, number in rows}  # noqa: C416


def followed_categories(session: Session, user_id: UUID) -> frozenset[str]:
    mine = Follow.user_id == user_id, Follow.category.is_not(None)
    return frozenset(key for key in session.scalars(select(Follow.category).where(*mine)) if key)


def _within(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """In the very words of the partial index where there is one."""
    if wanted.sort is Sort.UNANSWERED:
        query = _ROWS.where(text(UNANSWERED))
    else:
        query = _ROWS.where(Post.state == State.PUBLISHED)
    return query.where(Post.category == wanted.category) if wanted.category else query


def _place(session: Session, key: UUID) -> Sequence[Any] | None:
    """Where the thread stands by its votes now."""
    row = session.execute(select(Post.upvote_count, Post.id).where(Post.id == key)).one_or_none()
    return None if row is None else tuple(row)


def _read(session: Session, query: Select[Any]) -> list[Any]:
    return list(session.execute(query))


_ROWS: Final[Select[*tuple[Any, ...]]] = select(
    *(Post.id, Post.number, Post.kind, Post.category, Post.language, Post.title),
    *(Post.author_id, Post.author_name, Post.is_staff, Post.upvote_count, Post.reply_count),
    *(Post.pinned_at, Post.locked_at, Post.answered_at, Post.verified_at, Post.last_number),
    *(Post.staff_replied_at, Post.active_at, Post.last_name, Post.created_at),
    Post.builder_id,
)
