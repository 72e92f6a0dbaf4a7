"""Lists that are read from one place on, in the order of an index, a page at a time, both ways."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.foundation.paging import Cursor, Page

Columns = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
"""A time, and the row's key: as in the index that the list is read by."""
Order = Sequence[Any]
"""Columns, and what is made of columns."""
Read = Callable[[Session, Select[Any]], list[Any]]


def objects(session: Session, query: Select[Any]) -> list[Any]:
    return list(session.scalars(query))


def newest_first(
    session: Session,
    query: Select[Any],
    columns: Columns,
    cursor: Cursor | None,
    rows: int,
    read: Read = objects,
) -> Page[Any]:
    return highest_first(session, query, columns, columns, _place(cursor), cursor, rows, read)


def highest_first(
    session: Session,
    query: Select[Any],
    order: Order,
    columns: Columns,
    place: Sequence[Any] | None,
    cursor: Cursor | None,
    rows: int,
    read: Read = objects,
) -> Page[Any]:
    """By what changes while somebody turns pages, such as votes; `place` as in `in_order`."""
    cursor = cursor if place is not None else None
    query = _beside(query, order, place, cursor, rising=_goes_back(cursor))
    return _page(read(session, query.limit(rows + 1)), columns, cursor, rows)


def soonest_first(
    session: Session,
    query: Select[Any],
    columns: Columns,
    cursor: Cursor | None,
    rows: int,
    read: Read = objects,
) -> Page[Any]:
    return in_order(session, query, columns, columns, _place(cursor), cursor, rows, read)


def in_order(
    session: Session,
    query: Select[Any],
    order: Order,
    columns: Columns,
    place: Sequence[Any] | None,
    cursor: Cursor | None,
    rows: int,
    read: Read,
) -> Page[Any]:
    """By what no cursor can hold, such as titles: a cursor says beside which row a page begins,
    and `place` where in the order that row stands now (None: it is gone, begin anew)."""
    cursor = cursor if place is not None else None
    query = _beside(query, order, place, cursor, rising=not _goes_back(cursor))
    return _page(read(session, query.limit(rows + 1)), columns, cursor, rows)


def beyond(columns: Columns, cursor: Cursor) -> ColumnElement[bool]:
    """What a list that begins with the newest shows after the cursor, or before it."""
    return _side(columns, (cursor.at, cursor.id), after=cursor.back)


def _goes_back(cursor: Cursor | None) -> bool:
    return cursor is not None and cursor.back


def _place(cursor: Cursor | None) -> Sequence[Any] | None:
    return None if cursor is None else (cursor.at, cursor.id)


def _beside(
    query: Select[Any],
    order: Order,
    place: Sequence[Any] | None,
    cursor: Cursor | None,
    *,
    rising: bool,
) -> Select[Any]:
    if cursor is not None and place is not None:
        query = query.where(_side(order, place, after=rising))
    return query.order_by(*(column if rising else column.desc() for column in order))


def _side(order: Order, place: Sequence[Any], *, after: bool) -> ColumnElement[bool]:
    key, here = tuple_(*order), tuple(place)
    return key > here if after else key < here


def _page(found: list[Any], columns: Columns, cursor: Cursor | None, rows: int) -> Page[Any]:
    """One row more than is shown tells whether there is a next page."""
    more, found = len(found) > rows, found[:rows]
    if not found:
        return Page([], None)
    back = _goes_back(cursor)
    if back:
        found.reverse()
    following = _cursor(columns, found[-1]) if back or more else None
    some_before = more if back else cursor is not None
    before = _cursor(columns, found[0], back=True) if some_before else None
    return Page(found, following, before)


def _cursor(columns: Columns, row: Any, *, back: bool = False) -> Cursor:
    at, key = (getattr(row, column.key) for column in columns)
    return Cursor(at, key, back)
