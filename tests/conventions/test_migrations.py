"""Models and migrations agree, there and back again, on both databases."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from portal.foundation.db import make_engine
from portal.ops import database, revisions


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres")
    return str(server.url(server.create()))


@pytest.fixture
def engine(empty: str) -> Engine:
    return make_engine(empty)


def test_the_migrations_make_what_the_models_say(empty):
    database.upgrade(empty)
    database.check(empty)


def test_they_go_back_to_nothing_and_up_again(empty, engine):
    database.upgrade(empty)
    database.downgrade(empty)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    database.upgrade(empty)
    database.check(empty)
    engine.dispose()


def test_running_them_twice_changes_nothing(empty, engine):
    assert not revisions.is_current(engine)
    database.upgrade(empty)
    database.upgrade(empty)
    assert revisions.is_current(engine)
    engine.dispose()


def test_there_is_one_head():
    assert len(revisions.newest()) == 1, "merge the heads: alembic merge heads"


def test_we_read_the_same_head_as_alembic():
    script = ScriptDirectory(str(revisions.MIGRATIONS))
    assert revisions.newest() == frozenset(script.get_heads())
