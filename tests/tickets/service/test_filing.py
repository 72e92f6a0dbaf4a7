"""One ticket a press, its promise and its model with it, secrets masked before anything is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Role
from portal.foundation.outbox import OutboxEvent
from portal.foundation.runtime import Runtime
from portal.foundation.tenancy import PLATFORM, see
from portal.policy.pack import Pack, UnknownName
from portal.tickets.models import ClockRow, Ticket, TicketEvent
from portal.tickets.service.filing import file_ticket
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed, new_ticket


def test_a_ticket_keeps_who_where_and_what_was_promised(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(
        session, pack, world.owner, NOW, context_url="https://app/x", context={"os": "Windows"}
    )
    assert (ticket.builder_id, ticket.requester_id) == (world.acme.id, world.owner.user_id)
    assert (ticket.plan, ticket.requester_role) == ("business", "owner")
    assert (ticket.context_url, ticket.context_metadata) == ("https://app/x", {"os": "Windows"})
    assert ticket.policy_version.digest == pack.digest
    assert ticket.sla_response_by is not None


def test_numbers_rise_by_one(session: Session, world: World, pack: Pack) -> None:
    first, second = (filed(session, pack, world.owner, NOW) for _ in range(2))
    assert second.number == first.number + 1


def test_the_same_press_again_gives_the_same_ticket(
    session: Session, world: World, pack: Pack
) -> None:
    first = file_ticket(session, pack, new_ticket(key="k"), by=world.owner, at=NOW)
    second = file_ticket(session, pack, new_ticket(key="k"), by=world.owner, at=NOW)
    assert (first.again, second.again) == (False, True)
    assert first.ticket.id == second.ticket.id


def test_a_second_press_takes_no_number(session: Session, world: World, pack: Pack) -> None:
    first = file_ticket(session, pack, new_ticket(key="k"), by=world.owner, at=NOW)
    file_ticket(session, pack, new_ticket(key="k"), by=world.owner, at=NOW)
    assert filed(session, pack, world.owner, NOW).number == first.ticket.number + 1


def test_what_is_given_back_is_what_was_written(session: Session, world: World, pack: Pack) -> None:
    done = file_ticket(session, pack, new_ticket(), by=world.owner, at=NOW)
    kept = session.scalars(select(ClockRow).where(ClockRow.ticket_id == done.ticket.id))
    assert {(row.id, row.clock, row.due_at) for row in kept} == {
        (row.id, row.clock, row.due_at) for row in done.clocks
    }


def test_a_key_of_somebody_else_is_another_press(
    session: Session, world: World, pack: Pack
) -> None:
    first = file_ticket(session, pack, new_ticket(key="k"), by=world.owner, at=NOW)
    second = file_ticket(session, pack, new_ticket(key="k"), by=world.stranger, at=NOW)
    assert first.ticket.id != second.ticket.id


def test_fifty_presses_at_once_give_one_ticket_and_one_event(
    app: Flask, runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    def press(_: int) -> int:
        with app.app_context(), runtime.writers.begin() as own:
            see(own, world.acme.id)
            return file_ticket(own, pack, new_ticket(key="k"), by=world.owner, at=NOW).ticket.number

    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(press, range(50)))
    assert len(numbers) == 1
    assert session.scalar(select(func.count()).select_from(Ticket)) == 1
    opened = select(func.count()).where(OutboxEvent.kind == "ticket.opened")
    assert session.scalar(opened.select_from(OutboxEvent)) == 1


def test_secrets_never_reach_the_database(session: Session, world: World, pack: Pack) -> None:
    secret = "ghp_" + "a1B2" * 9
    found = file_ticket(
        session,
        pack,
        new_ticket(subject=f"key {secret}", description=f"My token is {secret} ok?"),
        by=world.owner,
        at=NOW,
    )
    session.flush()
    assert [finding.kind for finding in found.masked] == ["api_token", "api_token"]
    rows = [
        *session.execute(select(Ticket.subject, Ticket.description)).one(),
        *map(str, session.scalars(select(TicketEvent.facts))),
        *map(str, session.scalars(select(OutboxEvent.payload))),
    ]
    assert not [row for row in rows if secret in row]


def test_a_confirmed_find_is_kept(session: Session, world: World, pack: Pack) -> None:
    text = "The door code password: sunflower77 hangs in the trailer"
    first = file_ticket(session, pack, new_ticket(description=text), by=world.owner, at=NOW)
    prints = [finding.fingerprint for finding in first.masked]
    assert prints
    second = file_ticket(
        session, pack, new_ticket(description=text, confirmed=prints), by=world.owner, at=NOW
    )
    assert second.ticket.description == text


def test_an_unknown_severity_is_named(session: Session, world: World, pack: Pack) -> None:
    with pytest.raises(UnknownName, match="P9"):
        filed(session, pack, world.owner, NOW, severity="P9")
    assert session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_a_guest_belongs_to_no_builder(runtime: Runtime, pack: Pack) -> None:
    guest = Actor(role=Role.CLIENT)
    with runtime.writers.begin() as session:
        see(session, PLATFORM)
        ticket = filed(
            session, pack, guest, NOW, guest_name="Gus", guest_email="g@x.test", source="contact"
        )
        assert (ticket.builder_id, ticket.requester_id) == (None, None)
        assert (ticket.requester_name, ticket.requester_email) == ("Gus", "g@x.test")


def test_a_long_subject_is_cut_and_folded(session: Session, world: World, pack: Pack) -> None:
    ticket = filed(session, pack, world.owner, NOW, subject="a\n  b " + "x" * 400)
    assert ticket.subject.startswith("a b x")
    assert len(ticket.subject) == 300
