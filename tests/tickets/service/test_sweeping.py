"""What the clock does when nobody moves, and that it does it once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.ticket_states import State
from portal.foundation.runtime import Runtime
from portal.policy.pack import Pack
from portal.tickets.models import Page, StepRow, Ticket, TicketEvent
from portal.tickets.service import states, sweeping
from portal.tickets.service.sweeping import sweep
from tests.fixtures.world import NOW, World
from tests.tickets.making import filed

HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Saturday evening in New York


def fresh(session: Session) -> None:
    """Look again at what others have committed."""
    session.rollback()
    session.expire_all()


def kinds(session: Session, ticket: Ticket) -> list[str]:
    rows = session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.at, TicketEvent.id)
    )
    return [row.kind for row in rows]


def test_warn_breach_and_climb_tier_by_tier(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, severity="P1")  # business: one hour
    session.commit()
    told = []
    for minutes in (50, 61, 125):
        sweep(runtime.writers, NOW + timedelta(minutes=minutes))
        fresh(session)
        told.append((kinds(session, ticket).copy(), ticket.escalation_tier))
    assert "warned" in told[0][0]
    assert told[0][1] == 1
    assert {"breached", "escalated"} <= set(told[1][0])
    assert told[1][1] == 2
    assert told[2][1] == 3
    assert told[2][0].count("breached") == 1
    assert told[2][0].count("escalated") == 2


def test_escalation_hands_over_to_the_tier(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, severity="P1")
    session.commit()
    sweep(runtime.writers, NOW + 2 * HOUR - timedelta(minutes=1))
    fresh(session)
    assert ticket.assigned_to == world.second.agent_id


def test_a_second_sweep_adds_nothing(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW, severity="P1")
    session.commit()
    at = NOW + 2 * HOUR
    assert sweep(runtime.writers, at) > 0
    before = kinds(session, ticket)
    assert sweep(runtime.writers, at) == 0
    fresh(session)
    assert kinds(session, ticket) == before


def test_three_sweepers_at_once_give_each_step_once(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    tickets = [filed(session, pack, world.owner, NOW, severity="P1") for _ in range(12)]
    session.commit()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: sweep(runtime.writers, NOW + 61 * timedelta(minutes=1)), range(3)))
    fresh(session)
    for ticket in tickets:
        told = kinds(session, ticket)
        assert told.count("breached") == 1
        assert told.count("escalated") == 1


def test_a_sweep_that_took_long_leaves_the_rest_to_the_next_one(
    runtime: Runtime, session: Session, world: World, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [filed(session, pack, world.owner, NOW, severity="P1") for _ in range(3)]
    session.commit()
    monkeypatch.setattr(sweeping, "BATCH", 1)
    monkeypatch.setattr(sweeping, "SECONDS", 0.000_001)
    at = NOW + 2 * HOUR
    rounds = 0
    while sweep(runtime.writers, at):
        rounds += 1
    assert rounds >= len(tickets)
    fresh(session)
    assert [kinds(session, ticket).count("breached") for ticket in tickets] == [1, 1, 1]


def test_one_step_that_fails_keeps_no_other_from_being_fired(
    runtime: Runtime, session: Session, world: World, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, *others = [filed(session, pack, world.owner, NOW, severity="P1") for _ in range(3)]
    session.commit()
    real = sweeping._act

    def act(turn: sweeping.Turn, step: StepRow, ticket: Ticket) -> None:
        if ticket.id == broken.id:
            raise RuntimeError("nobody thought of this")
        real(turn, step, ticket)

    monkeypatch.setattr(sweeping, "_act", act)
    assert sweep(runtime.writers, NOW + 61 * timedelta(minutes=1)) > 0
    fresh(session)
    assert [kinds(session, ticket).count("breached") for ticket in others] == [1, 1]
    assert "breached" not in kinds(session, broken)
    monkeypatch.undo()
    sweep(runtime.writers, NOW + 61 * timedelta(minutes=1))
    fresh(session)
    assert kinds(session, broken).count("breached") == 1


def test_p1_at_night_pages_in_the_very_transaction(
    session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NIGHT, severity="P1")
    assert session.scalars(select(Page).where(Page.ticket_id == ticket.id)).one().state == "queued"
    assert "paged" in kinds(session, ticket)


def test_what_went_with_the_ticket_is_no_sweepers_business(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NIGHT, severity="P1")
    session.commit()
    step = session.scalars(
        select(StepRow).where(StepRow.ticket_id == ticket.id, StepRow.at == NIGHT)
    ).first()
    assert step is not None
    assert (step.do, step.fired_at) == ("page", NIGHT)
    page = session.scalars(select(Page).where(Page.ticket_id == ticket.id)).one()
    assert page.dedup_key.endswith(str(step.id))
    sweep(runtime.writers, NIGHT)
    fresh(session)
    assert kinds(session, ticket).count("paged") == 1


def test_p1_in_office_hours_and_p2_at_night_page_nobody(
    session: Session, world: World, pack: Pack
) -> None:
    filed(session, pack, world.owner, NOW, severity="P1")
    filed(session, pack, world.owner, NIGHT, severity="P2")
    assert session.scalars(select(Page)).all() == []


def test_resolved_and_silent_is_closed_after_the_packs_days(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    states.resolve(session, ticket, by=world.agent, at=NOW)
    session.commit()
    days = timedelta(days=pack.lifecycle.auto_close_days)
    sweep(runtime.writers, NOW + days - timedelta(minutes=1))
    fresh(session)
    assert ticket.state is State.RESOLVED
    sweep(runtime.writers, NOW + days)
    fresh(session)
    assert ticket.state is State.CLOSED


def test_a_snoozed_ticket_wakes(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    ticket = filed(session, pack, world.owner, NOW)
    states.snooze(session, ticket, until=NOW + HOUR, by=world.agent, at=NOW)
    session.commit()
    sweep(runtime.writers, NOW + HOUR)
    fresh(session)
    assert ticket.state is State.OPEN
    assert ticket.snoozed_until is None
