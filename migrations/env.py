"""How Alembic reaches the database: the settings' URL, or a connection handed in."""

from alembic import context
from sqlalchemy import Connection, text

import portal.features  # noqa: F401  every model
from portal.config import Settings
from portal.foundation.db import Base, make_engine


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    url = context.config.attributes.get("url") or Settings.from_env().database_url
    engine = make_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # batch mode rebuilds tables: with foreign keys on, CASCADE would delete their children
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        else:
            connection.execute(text("SELECT pg_advisory_lock(4202)"))
            # or row-level security would hide every row from a step that moves them
            connection.execute(text("SELECT set_config('corbel.tenant', 'platform', false)"))
            connection.commit()
        run(connection)
        connection.commit()
    engine.dispose()


run_online()
