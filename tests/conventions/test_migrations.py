"""Models and migrations agree, there and back again, on both databases."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts import service as accounts
from portal.accounts.models import FormerMember
from portal.core.permissions import Actor, Role
from portal.foundation.db import make_engine
from portal.foundation.tenancy import PLATFORM, see
from portal.ops import database, revisions
from tests.fixtures.world import NOW


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


def test_whom_the_log_says_were_removed_can_be_found(empty, engine):
    """Who was removed before migration 0010, and is not back."""
    database.upgrade(empty)
    with Session(engine) as session:
        see(session, PLATFORM)
        acme = accounts.add_builder(session, "acme", "Acme", "business", created_at=NOW)
        people = {
            name: accounts.add_member(
                session,
                email=f"{name}@x.test",
                name="",
                role=role,
                builder=builder,
                password="",
                at=NOW,
            )
            for name, role, builder in (
                ("gone", Role.PM, acme),
                ("back", Role.PM, acme),
                ("staff", Role.AGENT, None),
            )
        }
        for name, role in (("gone", "pm"), ("back", "pm"), ("gone", "client"), ("staff", "agent")):
            by = Actor(Role.OWNER, builder_id=people[name].builder_id)
            about = f"{name}@x.test"
            audit.record(session, "person.removed", by=by, at=NOW, about=about, role=role)
            session.flush()
        ids = people["gone"].user_id, people["staff"].user_id, acme.id
        session.delete(people["gone"])
        session.delete(people["staff"])
        session.commit()
    database.downgrade(empty, "0009")
    database.upgrade(empty)
    with Session(engine) as session:
        see(session, PLATFORM)
        found = session.scalars(select(FormerMember).order_by(FormerMember.role)).all()
        shown = [(one.user_id, one.builder_id, one.role) for one in found]
        assert shown == [(ids[1], None, "agent"), (ids[0], ids[2], "client")]
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
