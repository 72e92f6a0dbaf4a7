"""Engine, column types and the base of every model."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TextClause,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal.foundation.ids import uuid7

BUSY_MILLISECONDS = 10_000
CACHE_KILOBYTES = 8192  # a connection: what a desk looks at all day is not read from the disk again
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "temp_store = MEMORY",
    f"cache_size = -{CACHE_KILOBYTES}",
)
LOG_PAGES = 8000  # of 4 kB; SQLite itself takes 1000
HOLD_SECONDS = 0.025  # so long may background work hold SQLite's only pen at a stretch
GAP_SECONDS = 0.006
LOOK_SECONDS = 0.002


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, UTC out; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        UUID: Uuid,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        Mapping[str, Any]: Json,
        Sequence[str]: Json,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


def only_where(condition: str | TextClause) -> dict[str, Any]:
    """For an `Index` of these rows alone: SQLite uses it for a query in the very same terms."""
    clause = text(str(condition))
    return {"sqlite_where": clause, "postgresql_where": clause}


def make_engine(url: str, **options: Any) -> Engine:
    lively = not url.startswith("sqlite")
    # the connection that was used last has in its cache what is asked for next
    engine = create_engine(
        url,
        pool_pre_ping=lively,
        pool_use_lifo=True,
        hide_parameters=True,  # what people write is nothing for the log
        **options,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def leave_the_log(engine: Engine) -> None:
    """For a process that answers people. SQLite carries its log over into the database within the
    commit that fills it, for several milliseconds; background processes, which write after every
    change, do so sooner, and this one only when it has become eight times as long."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_to_answer)


def _prepare_to_answer(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    # a read that turns into a write deadlocks under WAL, so writers say so at once
    if connection.get_execution_options().get("reads_only", False):
        connection.exec_driver_sql("BEGIN")
    else:
        _take_the_pen(connection)


def _take_the_pen(connection: Connection) -> None:
    """Looks every two milliseconds whether SQLite's one pen is free; SQLite by itself looks ever
    more rarely, and a person's change would wait for several of the worker's."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101  who else asks for this
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while _in_other_hands(raw) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        if not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails in SQLAlchemy's words
    finally:
        raw.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def _in_other_hands(raw: sqlite3.Connection) -> bool:
    """False once it is ours, or can't be had for another reason."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


def reading(engine: Engine) -> Engine:
    """The same engine for requests that promise not to write."""
    return engine.execution_options(reads_only=True)


def give_way(sessions: sessionmaker[Session]) -> None:
    """Between two transactions of background work: who waits for SQLite's pen looks only now and
    then whether it is free, and would miss a gap of no length."""
    if sessions.kw["bind"].dialect.name == "sqlite":
        time.sleep(GAP_SECONDS)
