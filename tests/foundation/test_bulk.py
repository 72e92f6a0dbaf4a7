"""Rows written past the unit of work, and never for somebody else."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import event, select

from portal.accounts.models import Builder
from portal.foundation.bulk import write, write_if_new
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, ForeignRow, see
from portal.writing.models import Draft
from tests.fixtures.world import World
from tests.support.statements import counted

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def builders(count: int) -> list[Builder]:
    return [
        Builder(slug=f"b{n}", name=f"B{n}", plan="starter", created_at=AT) for n in range(count)
    ]


def test_a_run_of_one_kind_is_one_statement_and_keys_are_given(runtime: Runtime) -> None:
    statements: list[str] = []
    event.listen(
        runtime.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    with runtime.writers.begin() as session:
        write(session, builders(5))
    assert len([one for one in statements if one.startswith("INSERT")]) == 1
    with runtime.readers() as session:
        found = session.scalars(select(Builder).order_by(Builder.id)).all()
    assert [row.slug for row in found] == ["b0", "b1", "b2", "b3", "b4"]
    assert all(isinstance(row.id, UUID) for row in found)


def test_each_row_keeps_what_it_alone_names(runtime: Runtime) -> None:
    some = builders(3)
    some[1].plan = "agency"
    some[2].zone = "America/Chicago"
    with runtime.writers.begin() as session:
        write(session, some)
    with runtime.readers() as session:
        found = session.scalars(select(Builder).order_by(Builder.id)).all()
    assert [row.id for row in found] == [row.id for row in some]
    assert [row.plan for row in found] == ["starter", "agency", "starter"]
    assert [row.zone for row in found] == ["UTC", "UTC", "America/Chicago"]


def test_nothing_is_nothing(runtime: Runtime) -> None:
    with counted(runtime.engine) as asked, runtime.writers.begin() as session:
        write(session, [])
    assert not asked


def test_a_row_of_another_tenant_is_refused(runtime: Runtime, world: World) -> None:
    def draft(place: str, builder_id: UUID | None) -> Draft:
        return Draft(
            user_id=world.owner.user_id,
            builder_id=builder_id,
            place=place,
            fields={},
            updated_at=AT,
        )

    own, foreign = world.acme.id, world.stranger.builder_id
    with runtime.writers() as session:
        see(session, own)
        with pytest.raises(ForeignRow):
            write(session, [draft("a", own), draft("b", foreign)])
        write(session, [draft("c", own)])
        session.commit()
    with runtime.readers() as session:
        see(session, PLATFORM)
        assert session.scalars(select(Draft.place)).all() == ["c"]


def test_whoever_comes_second_is_told_so(runtime: Runtime) -> None:
    first, second = (builders(1)[0] for _ in range(2))
    with runtime.writers.begin() as session:
        assert write_if_new(session, first)
        assert not write_if_new(session, second)
    with runtime.readers() as session:
        assert session.scalars(select(Builder.id)).all() == [first.id]


def test_what_is_written_goes_with_the_transaction(runtime: Runtime) -> None:
    with runtime.writers() as session:
        write(session, builders(2))
        session.rollback()
    with runtime.readers() as session:
        assert session.scalars(select(Builder)).all() == []
