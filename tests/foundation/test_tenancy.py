"""No tenant ever sees or writes another's rows, and nobody forgets to say whose."""

from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, ForeignRow, NoTenant, read_rows, see, tenant_of
from portal.policy.pack import Pack
from portal.tickets.models import Message, Ticket
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed, words


@pytest.fixture
def both(session: Session, world: World, pack: Pack) -> tuple[Ticket, Ticket]:
    """One ticket of each builder, committed."""
    from portal.tickets.service import conversation

    pair = (
        filed(session, pack, world.owner, NOW),
        filed(session, pack, world.stranger, NOW, subject="CANARY of the other builder"),
    )
    for ticket, by in zip(pair, (world.owner, world.stranger), strict=True):
        conversation.reply_as_customer(session, ticket, words("More"), by=by, at=NOW)
    session.commit()
    return pair


@pytest.fixture
def acme(runtime: Runtime, world: World, both: tuple[Ticket, Ticket]) -> Iterator[Session]:
    with runtime.readers() as session:
        see(session, world.acme.id)
        yield session


def test_a_session_without_a_tenant_reads_no_tenanted_rows(runtime: Runtime) -> None:
    with runtime.readers() as session, pytest.raises(NoTenant):
        session.scalars(select(Ticket)).all()


def test_select_get_count_and_alias_see_only_own_rows(
    acme: Session, both: tuple[Ticket, Ticket]
) -> None:
    own, foreign = both
    assert acme.scalars(select(Ticket.id)).all() == [own.id]
    assert acme.get(Ticket, own.id) is not None
    assert acme.get(Ticket, foreign.id) is None
    assert acme.scalar(select(func.count()).select_from(Ticket)) == 1
    other = aliased(Ticket)
    assert acme.scalars(select(other.id)).all() == [own.id]


def test_a_join_is_narrowed_on_both_sides(acme: Session, both: tuple[Ticket, Ticket]) -> None:
    rows = acme.execute(select(Message.ticket_id).join(Ticket, Ticket.id == Message.ticket_id))
    assert {ticket_id for (ticket_id,) in rows} == {both[0].id}


def test_plain_rows_are_own_rows_on_every_side(
    acme: Session, session: Session, world: World, both: tuple[Ticket, Ticket]
) -> None:
    own, foreign = both
    joined = select(Message.ticket_id).join(Ticket, Ticket.id == Message.ticket_id)
    assert read_rows(acme, joined, {}).scalars().all() == [own.id]
    of_number = select(Ticket.id).where(Ticket.number == bindparam("number"))
    assert read_rows(acme, of_number, {"number": foreign.number}).all() == []
    assert read_rows(acme, of_number, {"number": own.number}).scalar() == own.id
    inner = select(func.count()).select_from(select(Ticket.id).subquery()).scalar_subquery()
    assert read_rows(acme, select(inner), {}).scalar() == 1
    assert len(read_rows(session, joined, {}).all()) == 2
    see(acme, world.birch.id)
    assert read_rows(acme, joined, {}).scalars().all() == [foreign.id]


def test_plain_rows_show_what_is_about_to_be_written(
    acme: Session, both: tuple[Ticket, Ticket]
) -> None:
    acme.get_one(Ticket, both[0].id).subject = "Said a moment ago"
    assert read_rows(acme, select(Ticket.subject), {}).scalars().all() == ["Said a moment ago"]


def test_plain_rows_are_nobodys_without_a_tenant(runtime: Runtime) -> None:
    with runtime.readers() as session, pytest.raises(NoTenant):
        read_rows(session, select(Ticket.id), {})


def test_bulk_update_and_delete_touch_only_own_rows(
    acme: Session, session: Session, both: tuple[Ticket, Ticket]
) -> None:
    acme.execute(update(Ticket).values(subject="changed"))
    acme.execute(delete(Message))
    acme.commit()
    session.rollback()
    session.expire_all()
    assert both[1].subject == "CANARY of the other builder"
    assert session.scalars(select(Message.ticket_id)).all() == [both[1].id]


def test_writing_another_tenants_row_is_refused(
    acme: Session, session: Session, world: World, both: tuple[Ticket, Ticket]
) -> None:
    foreign = both[1]
    session.expunge(foreign)
    acme.add(foreign)
    foreign.subject = "taken over"
    with pytest.raises(ForeignRow):
        acme.flush()


def test_changing_the_tenant_forgets_what_was_loaded(
    acme: Session, world: World, both: tuple[Ticket, Ticket]
) -> None:
    assert acme.get(Ticket, both[0].id) is not None
    see(acme, world.birch.id)
    assert tenant_of(acme) == world.birch.id
    assert acme.get(Ticket, both[0].id) is None


def test_the_platform_sees_all(session: Session, both: tuple[Ticket, Ticket]) -> None:
    assert tenant_of(session) == PLATFORM
    assert set(session.scalars(select(Ticket.id))) == {ticket.id for ticket in both}
