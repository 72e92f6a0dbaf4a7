"""Lists that are read from one place on, in the order of an index, a page at a time, both ways."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.foundation.paging import Cursor, Page

Columns = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
"""A time, and the row's key: as in the index that the list is read by."""
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
    return _page(session, query, columns, cursor, rows, read, rising=_goes_back(cursor))


def soonest_first(
    session: Session,
    query: Select[Any],
    columns: Columns,
    cursor: Cursor | None,
    rows: int,
    read: Read = objects,
) -> Page[Any]:
    return _page(session, query, columns, cursor, rows, read, rising=not _goes_back(cursor))


def beyond(columns: Columns, cursor: Cursor) -> ColumnElement[bool]:
    """What a list that begins with the newest shows after the cursor, or before it."""
    return _side(columns, cursor, after=cursor.back)


def _goes_back(cursor: Cursor | None) -> bool:
    return cursor is not None and cursor.back


def _side(columns: Columns, cursor: Cursor, *, after: bool) -> ColumnElement[bool]:
    key, place = tuple_(*columns), (cursor.at, cursor.id)
    return key > place if after else key < place


def _page(
    session: Session,
    query: Select[Any],
    columns: Columns,
    cursor: Cursor | None,
    rows: int,
    read: Read,
    *,
    rising: bool,
) -> Page[Any]:
    """One row more than is shown tells whether there is a next page."""
    if cursor is not None:
        query = query.where(_side(columns, cursor, after=rising))
    query = query.order_by(*(column if rising else column.desc() for column in columns))
    found = read(session, query.limit(rows + 1))
    more, found = len(found) > rows, found[:rows]
    if not found:
        return Page([], None)
    back = _goes_back(cursor)
    if back:
        found.reverse()
    following = _place(columns, found[-1]) if back or more else None
    some_before = more if back else cursor is not None
    before = _place(columns, found[0], back=True) if some_before else None
    return Page(found, following, before)


def _place(columns: Columns, row: Any, *, back: bool = False) -> Cursor:
    at, key = (getattr(row, column.key) for column in columns)
    return Cursor(at, key, back)
