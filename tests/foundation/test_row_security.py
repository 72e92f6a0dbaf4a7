"""With the application's own filter out of the way, PostgreSQL still keeps tenants apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.foundation import bulk
from portal.foundation.db import make_engine, session_factory
from portal.foundation.ids import uuid7
from portal.foundation.tenancy import PLATFORM, see, seeing, tenant_of
from portal.ops import doctor
from tests.fixtures.world import NOW, World

ABOUT = text("SELECT about FROM audit_entries ORDER BY about")
REFUSED = "violates row-level security policy"


@pytest.fixture
def database_url(fresh_postgres) -> str:
    """SQLite has no such wall."""
    return fresh_postgres()


@pytest.fixture
def engine(runtime) -> Engine:
    return runtime.engine


@pytest.fixture
def both(session: Session, world: World) -> World:
    """One entry of each builder, and one of the platform's."""
    for by in (world.owner, world.stranger, world.admin):
        audit.record(session, "brand.saved", by=by, at=NOW, about=by.builder_slug)
    session.commit()
    return world


@contextmanager
def open_session(engine: Engine, tenant: UUID | str | None) -> Iterator[Session]:
    with session_factory(engine)() as session:
        if tenant is not None:
            see(session, tenant)
        yield session


def shown(session: Session) -> list[str]:
    return list(session.scalars(ABOUT))


def test_bare_sql_reads_own_rows_alone(engine: Engine, both: World) -> None:
    for tenant, rows in (
        (both.acme.id, ["acme"]),
        (both.birch.id, ["birch"]),
        (PLATFORM, ["", "acme", "birch"]),
        (uuid7(), []),
        (None, []),
    ):
        with open_session(engine, tenant) as session:
            assert shown(session) == rows


@pytest.mark.parametrize("tenant", ["acme", "nobody"])
def test_bare_sql_changes_and_removes_nothing_foreign(
    engine: Engine, session: Session, both: World, tenant: str
) -> None:
    whose = both.acme.id if tenant == "acme" else None
    with open_session(engine, whose) as other:
        changed = other.execute(text("UPDATE audit_entries SET about = 'x' WHERE about = 'birch'"))
        gone = other.execute(text("DELETE FROM audit_entries WHERE about IN ('birch', '')"))
        other.commit()
    assert (changed.rowcount, gone.rowcount) == (0, 0)
    session.rollback()
    assert shown(session) == ["", "acme", "birch"]


def test_a_row_is_not_given_to_somebody_else(engine: Engine, both: World) -> None:
    with open_session(engine, both.acme.id) as session:
        moved = text("UPDATE audit_entries SET builder_id = :other")
        with pytest.raises(ProgrammingError, match=REFUSED):
            session.execute(moved, {"other": both.birch.id})


@pytest.mark.parametrize("tenant", ["acme", "nobody"])
@pytest.mark.parametrize("owner", ["birch", "platform"])
def test_bare_sql_writes_nothing_foreign(
    engine: Engine, both: World, tenant: str, owner: str
) -> None:
    row = {
        "id": uuid7(),
        "builder_id": both.birch.id if owner == "birch" else None,
        "at": NOW,
    }
    write = text(
        "INSERT INTO audit_entries (id, builder_id, act, at, by_name, by_role, about, facts)"
        " VALUES (:id, :builder_id, 'x.y', :at, '', '', 'planted', '{}')"
    )
    whose = both.acme.id if tenant == "acme" else None
    with open_session(engine, whose) as session, pytest.raises(ProgrammingError, match=REFUSED):
        session.execute(write, row)


def test_a_refused_row_past_the_unit_of_work_too(engine: Engine, both: World) -> None:
    row = AuditEntry(
        builder_id=both.birch.id, act="x.y", at=NOW, by_name="", by_role="", about="", facts={}
    )
    with open_session(engine, None) as session, pytest.raises(ProgrammingError, match=REFUSED):
        bulk.write(session, [row])


def test_one_who_turns_to_another_tenant_sees_theirs(engine: Engine, both: World) -> None:
    with open_session(engine, both.acme.id) as session:
        assert shown(session) == ["acme"]
        see(session, both.birch.id)
        assert shown(session) == ["birch"]


def test_a_block_is_over_when_it_is_over(engine: Engine, both: World) -> None:
    with open_session(engine, None) as session:
        assert shown(session) == []
        with seeing(session, PLATFORM):
            assert len(shown(session)) == 3
        assert shown(session) == []
        with pytest.raises(KeyError), seeing(session, PLATFORM):
            raise KeyError
        assert shown(session) == []


def test_a_failed_statement_is_what_one_is_told_of(engine: Engine, both: World) -> None:
    with open_session(engine, both.acme.id) as session:
        with pytest.raises(ProgrammingError, match="nowhere"), seeing(session, PLATFORM):
            session.execute(text("SELECT * FROM nowhere"))
        session.rollback()
        assert tenant_of(session) == both.acme.id
        assert shown(session) == ["acme"]


def test_the_next_transaction_of_the_session_knows_it_too(engine: Engine, both: World) -> None:
    with open_session(engine, both.acme.id) as session:
        for finish in (session.commit, session.rollback, session.commit):
            assert shown(session) == ["acme"]
            finish()


def test_what_a_savepoint_said_goes_with_it(engine: Engine, both: World) -> None:
    with open_session(engine, both.acme.id) as session:
        assert shown(session) == ["acme"]
        savepoint = session.begin_nested()
        see(session, both.birch.id)
        assert shown(session) == ["birch"]
        savepoint.rollback()
        assert tenant_of(session) == both.birch.id
        assert shown(session) == ["birch"]


def test_a_connection_that_is_used_again_remembers_nobody(database_url: str, both: World) -> None:
    engine = make_engine(database_url, pool_size=1, max_overflow=0)
    with open_session(engine, PLATFORM) as session:
        assert len(shown(session)) == 3
        session.commit()
    with open_session(engine, None) as session:
        assert shown(session) == []
    engine.dispose()


def test_the_doctor_says_whether_the_wall_holds(postgres, runtime) -> None:
    assert not doctor.row_security(runtime.engine).broken
    name = runtime.engine.url.database
    above = make_engine(f"postgresql+psycopg://postgres@/{name}?host={postgres.folder}")
    found = doctor.row_security(above)
    above.dispose()
    assert found.broken
    assert "superuser" in found.detail
    assert "NOBYPASSRLS" in found.detail
