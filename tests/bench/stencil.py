"""Copies of a ticket with everything that hangs on it: new keys, other people, another time.

Rows are read and written as SQLite keeps them: converting millions of values would take minutes.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from portal.foundation.db import Base, UtcDateTime

TICKETS = "support_tickets"
FAR = 9000  # years from here on mean "never" and aren't moved
MARK = "4711"  # in what people wrote: becomes the number of the copy, so that no two are the same


def tables() -> list[Table]:
    """The tickets, and every table whose rows say to which ticket they belong."""
    known = Base.metadata.sorted_tables
    return [t for t in known if t.name == TICKETS or "ticket_id" in t.columns]


@dataclass(slots=True)
class Row:
    """One row to copy: where keys, times, texts with keys in them and numbers stand."""

    values: list[Any]
    keys: list[tuple[int, str]] = field(default_factory=list)
    times: list[tuple[int, datetime]] = field(default_factory=list)
    texts: list[tuple[int, list[str]]] = field(default_factory=list)
    marked: list[int] = field(default_factory=list)
    number: int | None = None


class Stencil:
    def __init__(self, connection: sqlite3.Connection, ticket_id: UUID) -> None:
        self.rows: list[tuple[str, Row]] = []
        own: list[str] = []
        found = []
        for table in tables():
            column = "id" if table.name == TICKETS else "ticket_id"
            cursor = connection.execute(
                f'SELECT * FROM "{table.name}" WHERE {column} = ? ORDER BY id', [ticket_id.hex]
            )
            names = [entry[0] for entry in cursor.description]
            for values in cursor:
                found.append((table, names, list(values)))
                own += _own_keys(table, names, values)
        self.own = list(dict.fromkeys(own))
        self.dashed = {str(UUID(key)): key for key in self.own}
        for table, names, values in found:
            self.rows.append((table.name, self._row(table, names, values)))
        table, names, values = next(entry for entry in found if entry[0].name == TICKETS)
        opened = datetime.fromisoformat(values[names.index("created_at")])
        self.opened = opened.replace(tzinfo=UTC)

    def _row(self, table: Table, names: list[str], values: list[Any]) -> Row:
        row = Row(values)
        for index, (name, value) in enumerate(zip(names, values, strict=True)):
            if table.name == TICKETS and name == "number":
                row.number = index
            elif isinstance(table.columns[name].type, UtcDateTime):
                _note_time(row, index, value)
            elif isinstance(value, str):
                self._note_text(row, index, value)
        return row

    def _note_text(self, row: Row, index: int, value: str) -> None:
        if _is_key(value):
            row.keys.append((index, value))
        elif inside := [dashed for dashed in self.dashed if dashed in value]:
            row.texts.append((index, inside))
        elif MARK in value:
            row.marked.append(index)

    def copy(
        self, shift: timedelta, others: Mapping[str, str], number: int, ticks: int
    ) -> Iterator[tuple[str, list[Any]]]:
        """`others` puts other people in the place of those of the original; `ticks` is a count
        that no other copy has, from which the keys are made (200 apart is enough)."""
        keys = dict(others)
        keys.update(zip(self.own, map(key_at, range(ticks, ticks + len(self.own))), strict=True))
        for table, row in self.rows:
            values = row.values.copy()
            for index, key in row.keys:
                values[index] = keys.get(key, key)
            for index, at in row.times:
                values[index] = (at + shift).isoformat(" ", "microseconds")
            for index, inside in row.texts:
                for dashed in inside:
                    fresh = str(UUID(keys[self.dashed[dashed]]))
                    values[index] = values[index].replace(dashed, fresh)
            for index in row.marked:
                values[index] = values[index].replace(MARK, str(number))
            if row.number is not None:
                values[row.number] = number
            yield table, values


def _note_time(row: Row, index: int, value: str | None) -> None:
    if value is not None and (at := datetime.fromisoformat(value)).year < FAR:
        row.times.append((index, at))


def _own_keys(table: Table, names: Sequence[str], values: Sequence[Any]) -> list[str]:
    """Those that are nobody else's: the row's own, and that of the event that it tells of."""
    columns = zip(names, values, strict=True)
    return [
        value
        for name, value in columns
        if isinstance(value, str) and _is_key(value) and not table.columns[name].foreign_keys
    ]


def _is_key(value: str) -> bool:
    return len(value) == 32 and all(sign in "0123456789abcdef" for sign in value)


def key_at(ticks: int) -> str:
    """A UUIDv7 of the millisecond `ticks >> 12` since 1970."""
    return (
        f"{(ticks >> 12) << 80 | 7 << 76 | (ticks & 0xFFF) << 64 | 2 << 62 | ticks & 0x3FFF:032x}"
    )
