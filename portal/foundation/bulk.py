"""New rows by the handful, past the unit of work, at a third of its price.

For rows that nobody changes or reads again in the same session, which never knows them.
"""

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Insert, insert, inspect
from sqlalchemy.orm import Session

from portal.foundation.db import Base
from portal.foundation.ids import uuid7
from portal.foundation.tenancy import refuse_foreign


def write(session: Session, rows: Iterable[Base]) -> None:
    """One statement for each run of rows of one kind that name the same columns."""
    new = list(rows)
    refuse_foreign(session, new)
    for row in new:
        row.id = row.id or uuid7()
    for (kind, _names), same in groupby(new, lambda row: (type(row), vars(row).keys())):
        session.connection().execute(_insert(kind), [_values(row) for row in same])


@cache
def _insert(kind: type[Base]) -> Insert:
    return insert(inspect(kind).local_table)  # type: ignore[arg-type]  # a table, never a join


def _values(row: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_sa_instance_state"}
