"""Firing what is due: warn, break, escalate, tell, page; each once, however many sweep.

A step is claimed by a conditional UPDATE in the transaction of its effects, so a sweeper that
dies leaves it due for the next.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from portal.core.escalation import Do
from portal.core.permissions import SYSTEM
from portal.foundation.db import give_way
from portal.foundation.tenancy import PLATFORM, see
from portal.policy import service as policy
from portal.tickets.models import ClockRow, StepRow, Ticket
from portal.tickets.queries import clockwork
from portal.tickets.service import assignment, escalation, history, paging, states

log = logging.getLogger(__name__)

BATCH = 25  # steps a transaction, which must not keep SQLite from others for long
MOST = 1_000  # steps looked up at a time
SECONDS = 8  # of firing a sweep; the next one goes on
RIPE = 100  # tickets woken, and closed, a sweep


def sweep(sessions: sessionmaker[Session], at: datetime) -> int:
    """Fire the due steps, wake the snoozed and close the long resolved, as of `at`."""
    return _fire_due(sessions, at) + _wake(sessions, at) + _close(sessions, at)


def _fire_due(sessions: sessionmaker[Session], at: datetime) -> int:
    fired, until = 0, time.monotonic() + SECONDS
    while True:
        with sessions() as session:
            see(session, PLATFORM)
            due = clockwork.due_steps(session, at, MOST)
        now = _fire_some(sessions, due, at, until)
        fired += now
        if len(due) < MOST or not now or time.monotonic() > until:
            return fired


def _fire_some(
    sessions: sessionmaker[Session], due: Sequence[UUID], at: datetime, until: float
) -> int:
    fired = 0
    for first in range(0, len(due), BATCH):
        fired += _fire_batch(sessions, due[first : first + BATCH], at)
        give_way(sessions)
        if time.monotonic() > until:
            break
    return fired


def _fire_batch(sessions: sessionmaker[Session], ids: Sequence[UUID], at: datetime) -> int:
    """Where one can't be fired, the others are, each by itself."""
    try:
        with sessions.begin() as session:
            see(session, PLATFORM)
            return _fire(session, ids, at)
    except DBAPIError:  # no one step's fault
        raise
    except Exception as error:
        if len(ids) > 1:
            return sum(_fire_batch(sessions, [step_id], at) for step_id in ids)
        if not isinstance(error, StaleDataError):  # somebody works on the ticket at this moment
            log.exception("step %s failed", ids[0])
        return 0


def ripe(steps: Iterable[StepRow], *, at: datetime) -> list[StepRow]:
    """What a fresh ticket has due at once: taken, before any sweeper has heard of it."""
    due = [step for step in steps if step.at <= at]
    for step in due:
        step.fired_at = at
    return due


def fire(session: Session, ticket: Ticket, taken: Iterable[StepRow], *, at: datetime) -> None:
    """The steps of one ticket that are taken already: the page for the person on duty."""
    turn = Turn(session, at, {ticket.id})
    for step in taken:
        _act(turn, step, ticket)


@dataclass
class Turn:
    """What the steps of one transaction need, read once for all of them."""

    session: Session
    at: datetime
    ticket_ids: set[UUID]

    @cached_property
    def tickets(self) -> dict[UUID, Ticket]:
        rows = self.session.scalars(
            select(Ticket).where(Ticket.id.in_(self.ticket_ids)).options(joinedload(Ticket.agent))
        )
        return {ticket.id: ticket for ticket in rows}

    @cached_property
    def clocks(self) -> dict[tuple[UUID, str, int], ClockRow]:
        rows = self.session.scalars(select(ClockRow).where(ClockRow.ticket_id.in_(self.ticket_ids)))
        return {(row.ticket_id, row.clock, row.round): row for row in rows}

    @cached_property
    def roster(self) -> assignment.Roster:
        return assignment.Roster.of(self.session)


def _fire(session: Session, ids: Sequence[UUID], at: datetime) -> int:
    claimed = session.scalars(
        update(StepRow)
        .where(StepRow.id.in_(ids), text("fired_at IS NULL AND cancelled_at IS NULL"))
        .where(StepRow.at <= at)
        .values(fired_at=at)
        .returning(StepRow)
    ).all()
    turn = Turn(session, at, {step.ticket_id for step in claimed})
    for step in sorted(claimed, key=lambda step: (step.at, ORDER.index(step.do))):
        _act(turn, step, turn.tickets[step.ticket_id])
    return len(claimed)


ORDER = (Do.WARN, Do.BREACH, Do.ESCALATE, Do.NOTIFY, Do.PAGE)


def _act(turn: Turn, step: StepRow, ticket: Ticket) -> None:
    session, at = turn.session, turn.at
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
            if clock := turn.clocks.get((ticket.id, step.clock, step.round)):
                clock.breached_at, clock.tier_at_breach = step.at, ticket.escalation_tier
            history.tell(session, ticket, "breached", by=SYSTEM, at=at, **facts)
        case Do.ESCALATE:
            escalation.climb(session, ticket, step.tier, turn.roster, at=at, **facts)
        case Do.NOTIFY:
            history.tell(session, ticket, "managers_told", by=SYSTEM, at=at, **facts)
        case Do.PAGE:
            paging.page(session, ticket, step, at=at)


def _wake(sessions: sessionmaker[Session], at: datetime) -> int:
    with sessions.begin() as session:
        see(session, PLATFORM)
        ripe = clockwork.ripe_for_waking(session, at, RIPE)
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
    for ticket in clockwork.ripe_for_closing(session, at - timedelta(days=1), RIPE):
        days = policy.pack_of(session, ticket.policy_version_id).lifecycle.auto_close_days
        if ticket.resolved_at is not None and ticket.resolved_at <= at - timedelta(days=days):
            yield ticket
