"""How SQLite goes about what it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def planned(engine: Engine) -> Iterator[list[str]]:
    """The plan of each query and change that is asked for inside the block, with its words."""
    plans: list[str] = []

    def explain(
        _connection: Any, cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            values = values[0] if many else values
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
            plans.append("\n".join([*(row[3] for row in rows), statement]))

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)
