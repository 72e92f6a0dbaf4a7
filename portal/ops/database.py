"""Migrations, run from the program: no alembic command, no ini file."""

from alembic import command
from alembic.config import Config

from portal.ops.revisions import MIGRATIONS

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
