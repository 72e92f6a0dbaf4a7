"""Lists that are read by their newest rows, a page at a time, both ways."""

from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.foundation.paging import Cursor, Page

Columns = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
"""When a row was made, and its key: as in the index that the list is read by."""


def newest_first(
    session: Session, query: Select[Any], columns: Columns, cursor: Cursor | None, rows: int
) -> Page[Any]:
    back = cursor is not None and cursor.back
    if cursor is not None:
        query = query.where(beyond(columns, cursor))
    order = columns if back else tuple(column.desc() for column in columns)
    found = list(session.scalars(query.order_by(*order).limit(rows + 1)))
    more, found = len(found) > rows, found[:rows]
    if not found:
        return Page([], None)
    if back:
        found.reverse()
    older = _place(columns, found[-1]) if back or more else None
    newer_stands = more if back else cursor is not None
    newer = _place(columns, found[0], back=True) if newer_stands else None
    return Page(found, older, newer)


def beyond(columns: Columns, cursor: Cursor) -> ColumnElement[bool]:
    key, place = tuple_(*columns), (cursor.at, cursor.id)
    return key > place if cursor.back else key < place


def _place(columns: Columns, row: Any, *, back: bool = False) -> Cursor:
    at, key = (getattr(row, column.key) for column in columns)
    return Cursor(at, key, back)
