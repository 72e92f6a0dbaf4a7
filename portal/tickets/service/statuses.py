"""A program names the state it wants; here is which verb leads there, and for whom."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.core.ticket_states import TRANSITIONS, Answer, State, Verb
from portal.tickets.models import Ticket
from portal.tickets.service import assignment, following, states
from portal.writing.service import masking

WAYS: Mapping[State, tuple[Verb, ...]] = {
    State.OPEN: (Verb.REOPEN, Verb.WAKE),
    State.IN_PROGRESS: (Verb.TAKE,),
    State.WAITING_ON_CUSTOMER: (Verb.ASK_CUSTOMER,),
    State.RESOLVED: (Verb.RESOLVE,),
    State.CLOSED: (Verb.CLOSE,),
}
OF_THE_DESK = frozenset({Verb.TAKE, Verb.ASK_CUSTOMER, Verb.WAKE})


class Impossible(ValueError):
    """`wanted` can't be reached from here; `allowed` can."""

    def __init__(self, wanted: State, allowed: tuple[State, ...]) -> None:
        super().__init__(f"{wanted}: only {', '.join(allowed) or 'nothing'}")
        self.wanted = wanted
        self.allowed = allowed


class OnlyTheDesk(Impossible):
    """It could be reached, but not by customers."""


def allowed(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> tuple[State, ...]:
    """The states that `by` may set now, besides the present one."""
    return tuple(
        wanted
        for wanted in WAYS
        if (verb := _way(ticket, wanted)) is not None
        and not (verb in OF_THE_DESK and not by.answers(ticket.desk))
        and not (verb is Verb.REOPEN and too_late(session, ticket, by=by, at=at))
    )


def _way(ticket: Ticket, wanted: State) -> Verb | None:
    ways = TRANSITIONS[ticket.state]
    if wanted is ticket.state:
        return None
    return next((verb for verb in WAYS[wanted] if ways.get(verb) is wanted), None)


def too_late(session: Session, ticket: Ticket, *, by: Actor, at: datetime) -> bool:
    """Whether a customer should open a new ticket instead of going on with this old one."""
    return (
        not by.answers(ticket.desk) and following.answer_to(session, ticket, at) is Answer.FOLLOW_UP
    )


def set_status(
    session: Session, ticket: Ticket, wanted: State, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Raises Impossible or OnlyTheDesk. The present state again changes nothing."""
    by.require(Permission.SETTLE_TICKETS)
    if wanted is ticket.state:
        return
    possible = allowed(session, ticket, by=by, at=at)
    verb = _way(ticket, wanted)
    if verb in OF_THE_DESK and not by.answers(ticket.desk):
        raise OnlyTheDesk(wanted, possible)
    if verb is None or wanted not in possible:
        raise Impossible(wanted, possible)
    _go(session, ticket, verb, by, at, masking.masked(reason).text.strip())


def _go(session: Session, ticket: Ticket, verb: Verb, by: Actor, at: datetime, reason: str) -> None:
    match verb:
        case Verb.TAKE if ticket.assigned_to is None and by.agent_id is not None:
            assignment.take(session, ticket, by=by, at=at)
        case Verb.TAKE:
            states.start(session, ticket, by=by, at=at, reason=reason)
        case Verb.ASK_CUSTOMER:
            states.wait_on_customer(session, ticket, by=by, at=at, reason=reason)
        case Verb.WAKE:
            states.wake(session, ticket, by=by, at=at)
        case Verb.RESOLVE:
            states.resolve(session, ticket, by=by, at=at, outcome=reason)
        case Verb.CLOSE:
            states.close(session, ticket, by=by, at=at, reason=reason)
        case _:
            states.reopen(session, ticket, by=by, at=at, reason=reason)
