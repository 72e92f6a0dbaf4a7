"""Migrations, run from the program: no alembic command, no ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"
HEAD = "head"
EMPTY = "base"


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = HEAD) -> None:
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str = EMPTY) -> None:
    command.downgrade(config(url), revision)


def check(url: str) -> None:
    """Raises alembic.util.CommandError when models and migrations differ."""
    command.check(config(url))


def newest() -> frozenset[str]:
    """The revisions that the code wants."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())


def reached(engine: Engine) -> frozenset[str]:
    """The revisions that the database has."""
    with engine.connect() as connection:
        return frozenset(MigrationContext.configure(connection).get_current_heads())


def is_current(engine: Engine) -> bool:
    return reached(engine) == newest()
