"""Whether the database has the tables that this version needs.

Reads the migrations' names itself: Alembic would cost each web and worker process 11 MB.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, String, column, inspect, select, table

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
_NAMED = re.compile(r"^(revision|down_revision)\b[^=]*= (.*)$", re.MULTILINE)
_NAME = re.compile(r"""["']([^"']+)["']""")
_TABLE = table("alembic_version", column("version_num", String))


@cache
def newest() -> frozenset[str]:
    """The revisions that nothing follows: what the code wants."""
    names: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        for which, value in _NAMED.findall(path.read_text("utf-8")):
            names[which].update(_NAME.findall(value))
    return frozenset(names["revision"] - names["down_revision"])


def reached(engine: Engine) -> frozenset[str]:
    """What the database has; nothing when it is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_TABLE.name):
            return frozenset()
        return frozenset(connection.scalars(select(_TABLE.c.version_num)))


def is_current(engine: Engine) -> bool:
    return reached(engine) == newest()
