"""Pages of a long list, from one place on: nothing before it is counted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from portal.foundation.paging import Cursor, Page
from portal.tickets.models import Ticket


class Listed(Protocol):
    """What a row of a list has, to find the place after it."""

    @property
    def id(self) -> UUID: ...
    @property
    def due_rank(self) -> datetime: ...
    @property
    def created_at(self) -> datetime: ...


Row = TypeVar("Row", bound=Listed)
Read = Callable[[Session, Select[*tuple[Any, ...]]], list[Row]]


def by_urgency(
    session: Session,
    query: Select[*tuple[Any, ...]],
    cursor: Cursor | None,
    limit: int,
    read: Read[Row],
) -> Page[Row]:
    key = tuple_(Ticket.due_rank, Ticket.id)
    forward = (Ticket.due_rank, Ticket.id)
    backward = (Ticket.due_rank.desc(), Ticket.id.desc())
    found, more = _read(session, query, cursor, limit, key, forward, backward, True, read)
    return _page(found, more, cursor, lambda row, back: Cursor(row.due_rank, row.id, back))


def newest_first(
    session: Session,
    query: Select[*tuple[Any, ...]],
    cursor: Cursor | None,
    limit: int,
    read: Read[Row],
) -> Page[Row]:
    key = tuple_(Ticket.created_at, Ticket.id)
    forward = (Ticket.created_at.desc(), Ticket.id.desc())
    backward = (Ticket.created_at, Ticket.id)
    found, more = _read(session, query, cursor, limit, key, forward, backward, False, read)
    return _page(found, more, cursor, lambda row, back: Cursor(row.created_at, row.id, back))


def _read(
    session: Session,
    query: Select[*tuple[Any, ...]],
    cursor: Cursor | None,
    limit: int,
    key: Any,
    forward: tuple[Any, ...],
    backward: tuple[Any, ...],
    rising: bool,
    read: Read[Row],
) -> tuple[list[Row], bool]:
    """The rows in the order of the list, and whether there are more in that direction."""
    back = cursor is not None and cursor.back
    if cursor is not None:
        place = (cursor.at, cursor.id)
        query = query.where(key > place if rising != back else key < place)
    rows = read(session, query.order_by(*(backward if back else forward)).limit(limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    return (rows[::-1] if back else rows), more


def _page(
    rows: list[Row], more: bool, cursor: Cursor | None, place: Callable[[Row, bool], Cursor]
) -> Page[Row]:
    if not rows:
        return Page([], None)
    back = cursor is not None and cursor.back
    has_next = more if not back else True
    has_previous = cursor is not None if not back else more
    return Page(
        rows,
        place(rows[-1], False) if has_next else None,
        place(rows[0], True) if has_previous else None,
    )
