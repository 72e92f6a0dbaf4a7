"""Moving a ticket along its one transition table: wait, resolve, close, reopen, snooze."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM, Actor
from portal.core.ticket_states import State, Verb, happenings_of, is_active, next_state
from portal.tickets.models import Ticket, TicketEvent
from portal.tickets.service import clocks, history


def move(
    session: Session,
    ticket: Ticket,
    verb: Verb,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> TicketEvent:
    """Take the way that the table gives and write it down; raises TransitionError."""
    former = ticket.state
    heard = happenings_of(former, verb)
    _enter(ticket, next_state(former, verb), at)
    return history.note(
        session, ticket, kind, by=by, at=at, heard=heard, former=former, now=ticket.status, **facts
    )


def _enter(ticket: Ticket, state: State, at: datetime) -> None:
    reopened = not is_active(ticket.state) and is_active(state)
    ticket.status, ticket.active = state, is_active(state)
    ticket.reopened_count += reopened
    if is_active(state):
        ticket.resolved_at = ticket.closed_at = None
    if state is State.RESOLVED:
        ticket.resolved_at = ticket.resolved_at or at
    if state is State.CLOSED:
        ticket.closed_at = at
    if state is not State.SNOOZED:
        ticket.snoozed_until = None


def _settle(
    session: Session,
    ticket: Ticket,
    verb: Verb,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> None:
    event = move(session, ticket, verb, kind, by=by, at=at, **facts)
    clocks.recompute(session, ticket, at=at)
    history.announce(session, ticket, kind, by=by, at=at, event_id=str(event.id), **facts)


def start(session: Session, ticket: Ticket, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Somebody of us is at it, whoever it is assigned to."""
    _settle(session, ticket, Verb.TAKE, "started", by=by, at=at, reason=reason)


def wait_on_customer(
    session: Session, ticket: Ticket, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """The next step is the customer's: our clocks pause."""
    _settle(session, ticket, Verb.ASK_CUSTOMER, "waiting", by=by, at=at, reason=reason)


def resolve(
    session: Session, ticket: Ticket, *, by: Actor, at: datetime, outcome: str = ""
) -> None:
    _settle(session, ticket, Verb.RESOLVE, "resolved", by=by, at=at, outcome=outcome)


def close(session: Session, ticket: Ticket, *, by: Actor, at: datetime, reason: str = "") -> None:
    verb = Verb.AUTO_CLOSE if by is SYSTEM else Verb.CLOSE
    _settle(session, ticket, verb, "closed", by=by, at=at, reason=reason)


def reopen(session: Session, ticket: Ticket, *, by: Actor, at: datetime, reason: str = "") -> None:
    _settle(session, ticket, Verb.REOPEN, "reopened", by=by, at=at, reason=reason)


def snooze(session: Session, ticket: Ticket, *, until: datetime, by: Actor, at: datetime) -> None:
    """Out of sight until a time or a reply. Our clocks keep running."""
    if until <= at:
        raise ValueError("that time is already past")
    _settle(session, ticket, Verb.SNOOZE, "snoozed", by=by, at=at, until=until.isoformat())
    ticket.snoozed_until = until


def wake(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    _settle(session, ticket, Verb.WAKE, "woken", by=by, at=at)


def undo(session: Session, ticket: Ticket, events: list[TicketEvent], *, at: datetime) -> None:
    """Back to where the first of the ticket's last moves left from, unless it moved on since."""
    first, last = events[0], events[-1]
    if last.facts.get("now") == ticket.status:
        _enter(ticket, State(first.facts["former"]), at)
