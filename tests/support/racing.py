"""Two who write in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from portal.foundation.runtime import runtime_of
from portal.foundation.tenancy import see
from tests.fixtures.processes import eventually

Write = Callable[[Session], object]
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def one_after_the_other(app: Flask, company: UUID, first: Write, second: Write) -> None:
    """`second` has looked around, and waits to write, before `first` is committed. (SQLite lets
    nobody begin to write meanwhile, so that it looks around later.) Raises what `second` does."""
    running = runtime_of(app)

    def follow() -> None:
        with app.app_context(), running.writers.begin() as session:
            see(session, company)
            second(session)

    with ThreadPoolExecutor(1) as pool, running.writers.begin() as session:
        see(session, company)
        first(session)
        session.flush()
        later = pool.submit(follow)
        if running.engine.dialect.name == "postgresql":
            eventually(lambda: later.done() or _somebody_waits(running.engine))
        session.commit()
        later.result()


def _somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(WAITING))
