"""Firing what is due: warn, break, escalate, tell, page; each once, however many sweep.

A step is claimed by a conditional UPDATE in the transaction of its effects, so a sweeper that
dies leaves it due for the next.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, joinedload, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from portal.core.escalation import Do
from portal.core.permissions import SYSTEM
from portal.foundation.tenancy import PLATFORM, see
from portal.policy import service as policy
from portal.tickets.models import ClockRow, StepRow, Ticket
from portal.tickets.queries import clockwork
from portal.tickets.service import assignment, escalation, history, paging, states

log = logging.getLogger(__name__)

BATCH = 100
MOST = 5_000  # steps a sweep; the next one goes on


def sweep(sessions: sessionmaker[Session], at: datetime) -> int:
    """Fire the due steps, wake the snoozed and close the long resolved, as of `at`."""
    with sessions() as session:
        see(session, PLATFORM)
        due = clockwork.due_steps(session, at, MOST)
    batches = [due[first : first + BATCH] for first in range(0, len(due), BATCH)]
    fired = sum(_fire_batch(sessions, batch, at) for batch in batches)
    return fired + _wake(sessions, at) + _close(sessions, at)


def _fire_batch(sessions: sessionmaker[Session], ids: Sequence[UUID], at: datetime) -> int:
    try:
        with sessions.begin() as session:
            see(session, PLATFORM)
            return _fire(session, ids, at)
    except StaleDataError:  # somebody works on one of the tickets at this moment
        if len(ids) == 1:
            return 0
        return sum(_fire_batch(sessions, [step_id], at) for step_id in ids)


def fire_ripe(session: Session, ticket: Ticket, *, at: datetime) -> None:
    """Fire what a fresh ticket has due at once: the page for the person on duty."""
    session.flush()
    ripe = session.scalars(
        select(StepRow).where(
            StepRow.ticket_id == ticket.id,
            StepRow.at <= at,
            StepRow.fired_at.is_(None),
            StepRow.cancelled_at.is_(None),
        )
    ).all()
    for step in ripe:
        step.fired_at = at
        _act(session, step, ticket, None, at)


def _fire(session: Session, ids: Sequence[UUID], at: datetime) -> int:
    claimed = session.scalars(
        update(StepRow)
        .where(StepRow.id.in_(ids), text("fired_at IS NULL AND cancelled_at IS NULL"))
        .where(StepRow.at <= at)
        .values(fired_at=at)
        .returning(StepRow)
    ).all()
    tickets = _tickets(session, {step.ticket_id for step in claimed})
    roster = None
    if any(step.do == Do.ESCALATE for step in claimed):
        roster = assignment.Roster.of(session)
    for step in sorted(claimed, key=lambda step: (step.at, ORDER.index(step.do))):
        _act(session, step, tickets[step.ticket_id], roster, at)
    return len(claimed)


ORDER = (Do.WARN, Do.BREACH, Do.ESCALATE, Do.NOTIFY, Do.PAGE)


def _tickets(session: Session, ids: set[UUID]) -> dict[UUID, Ticket]:
    rows = session.scalars(
        select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.agent))
    )
    return {ticket.id: ticket for ticket in rows}


def _act(
    session: Session,
    step: StepRow,
    ticket: Ticket,
    roster: assignment.Roster | None,
    at: datetime,
) -> None:
    facts: dict[str, Any] = {
        "clock": step.clock,
        "round": step.round,
        "due": step.at.isoformat(),
        "why": step.why,
    }
    match step.do:
        case Do.WARN:
            ticket.warned_at = ticket.warned_at or step.at
            history.tell(session, ticket, "warned", by=SYSTEM, at=at, **facts)
        case Do.BREACH:
            _mark_breached(session, step, ticket)
            history.tell(session, ticket, "breached", by=SYSTEM, at=at, **facts)
        case Do.ESCALATE:
            roster = roster or assignment.Roster.of(session)
            escalation.climb(session, ticket, step.tier, roster, at=at, **facts)
        case Do.NOTIFY:
            history.tell(session, ticket, "managers_told", by=SYSTEM, at=at, **facts)
        case Do.PAGE:
            paging.page(session, ticket, step, at=at)


def _mark_breached(session: Session, step: StepRow, ticket: Ticket) -> None:
    session.execute(
        update(ClockRow)
        .where(
            ClockRow.ticket_id == ticket.id,
            ClockRow.clock == step.clock,
            ClockRow.round == step.round,
        )
        .values(breached_at=step.at, tier_at_breach=ticket.escalation_tier)
    )


def _wake(sessions: sessionmaker[Session], at: datetime) -> int:
    with sessions.begin() as session:
        see(session, PLATFORM)
        ripe = clockwork.ripe_for_waking(session, at, BATCH)
        for ticket in ripe:
            states.wake(session, ticket, by=SYSTEM, at=at)
        return len(ripe)


def _close(sessions: sessionmaker[Session], at: datetime) -> int:
    """Resolved and the customer silent for the pack's days: the only closing by age."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        ripe = list(_long_resolved(session, at))
        for ticket in ripe:
            states.close(session, ticket, by=SYSTEM, at=at)
        return len(ripe)


def _long_resolved(session: Session, at: datetime) -> Iterator[Ticket]:
    for ticket in clockwork.ripe_for_closing(session, at - timedelta(days=1), BATCH):
        days = policy.pack_of(session, ticket.policy_version_id).lifecycle.auto_close_days
        if ticket.resolved_at is not None and ticket.resolved_at <= at - timedelta(days=days):
            yield ticket
