"""Promises on a ticket as its history grows: figures are those of module-46."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.escalation import Do
from portal.core.ticket_states import State, Verb
from portal.policy.pack import Pack
from portal.tickets.models import ClockRow, StepRow, Ticket
from portal.tickets.service import conversation, states, triage
from portal.tickets.service.clocks import NEVER, URGENT_AHEAD
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed, words

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 09:00 in New York


def clock(session: Session, ticket: Ticket, name: str = "first_response") -> ClockRow:
    session.flush()
    return session.scalars(
        select(ClockRow)
        .where(ClockRow.ticket_id == ticket.id, ClockRow.clock == name)
        .order_by(ClockRow.round.desc())
    ).first()  # type: ignore[return-value]


def steps(session: Session, ticket: Ticket, clock_name: str = "first_response") -> list[StepRow]:
    session.flush()
    return list(
        session.scalars(
            select(StepRow)
            .where(StepRow.ticket_id == ticket.id, StepRow.clock == clock_name)
            .order_by(StepRow.at)
        )
    )


@pytest.mark.parametrize(("plan", "hours"), [("starter", 4), ("professional", 2), ("business", 1)])
def test_p1_is_answered_in_elapsed_time(
    session: Session, world: World, pack: Pack, plan: str, hours: int
) -> None:
    import dataclasses

    owner = dataclasses.replace(world.owner, plan=plan)
    night = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    ticket = filed(session, pack, owner, night, severity="P1")
    assert clock(session, ticket).due_at == night + hours * HOUR
    assert ticket.sla_response_by == night + hours * HOUR
    assert ticket.due_rank == ticket.sla_response_by - URGENT_AHEAD


def test_an_answer_meets_the_first_response_and_starts_the_next(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    answered = NOW + timedelta(minutes=20)
    conversation.reply_as_agent(
        session, ticket, words("Looking at it"), by=world.agent, at=answered, undo_seconds=15
    )
    assert clock(session, ticket).met_at == answered
    assert ticket.first_response_at == answered
    assert ticket.state is State.IN_PROGRESS
    ahead = [s for s in steps(session, ticket) if s.cancelled_at is None and s.fired_at is None]
    assert ahead == []


def test_waiting_on_the_customer_holds_the_resolution_clock(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    before = clock(session, ticket, "resolution").due_at
    assert before is not None
    asked = NOW + HOUR
    conversation.reply_as_agent(
        session,
        ticket,
        words("Which project?"),
        by=world.agent,
        at=asked,
        undo_seconds=15,
        then=Verb.ASK_CUSTOMER,
    )
    paused = clock(session, ticket, "resolution")
    assert (paused.due_at, paused.paused_at) == (None, asked)
    conversation.reply_as_customer(
        session, ticket, words("Maple Street"), by=world.owner, at=asked + 2 * HOUR
    )
    resumed = clock(session, ticket, "resolution")
    assert resumed.held_seconds == 2 * 3600
    assert resumed.due_at is not None
    assert resumed.due_at > before
    assert ticket.state is State.OPEN


def test_another_severity_moves_the_promise_and_keeps_the_hold(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, severity="P3")
    triage.classify(session, pack, ticket, severity="P1", by=world.agent, at=NOW + HOUR / 2)
    assert clock(session, ticket).due_at == NOW + HOUR
    triage.classify(session, pack, ticket, severity="P3", by=world.agent, at=NOW + HOUR / 2)
    assert clock(session, ticket).due_at != NOW + HOUR


def test_a_best_effort_ticket_has_no_clock_and_comes_last(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.stranger, NOW, severity="P4")
    assert clock(session, ticket).due_at is None
    assert ticket.sla_response_by is None
    assert [s for s in steps(session, ticket) if s.do != Do.PAGE] == []


def test_a_withdrawn_answer_never_was(session: Session, world: World, pack: Pack) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    due = clock(session, ticket).due_at
    written = conversation.reply_as_agent(
        session, ticket, words("Oops"), by=world.agent, at=NOW + HOUR, undo_seconds=15
    )
    conversation.withdraw(
        session,
        ticket,
        written.message,
        by=world.agent,
        at=NOW + HOUR + timedelta(seconds=10),
    )
    first = clock(session, ticket)
    assert (first.met_at, first.due_at) == (None, due)
    assert ticket.first_response_at is None
    assert ticket.state is State.OPEN
    assert clock(session, ticket, "next_update") is None


def test_resolved_stops_everything_and_reopening_goes_on(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    states.resolve(session, ticket, by=world.agent, at=NOW + HOUR)
    assert ticket.due_rank == NEVER
    assert not ticket.active
    states.reopen(session, ticket, by=world.owner, at=NOW + 3 * HOUR)
    reopened = clock(session, ticket, "resolution")
    assert reopened.met_at is None
    assert reopened.held_seconds == 2 * 3600
    assert ticket.reopened_count == 1


def test_a_promised_update_names_its_own_time(session: Session, world: World, pack: Pack) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    until = NOW + 5 * HOUR
    conversation.reply_as_agent(
        session,
        ticket,
        words("We'll be back"),
        by=world.agent,
        at=NOW + HOUR,
        undo_seconds=15,
        next_update=until,
    )
    assert clock(session, ticket, "next_update").due_at == until
