"""One's own tickets for whoever searches: in their reach, and nobody else's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.ticket_states import State
from portal.foundation.clock import utcnow
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.formatting import day
from portal.search.sources import OwnHit
from portal.tickets import addresses
from portal.tickets.queries.finding import FoundTicket, find_tickets

LABEL: Final = _l("Tickets")
STATES: Final[Mapping[str, Any]] = {
    State.OPEN: _l("With us"),
    State.IN_PROGRESS: _l("Being worked on"),
    State.SNOOZED: _l("Being worked on"),
    State.WAITING_ON_CUSTOMER: _l("Your turn"),
    State.RESOLVED: _l("Solved"),
    State.CLOSED: _l("Closed"),
    State.MERGED: _l("Merged"),
}
AT_THE_DESK: Final[Mapping[str, Any]] = {
    State.OPEN: _l("Open"),
    State.WAITING_ON_CUSTOMER: _l("Waiting on customer"),
    State.SNOOZED: _l("Snoozed"),
}


def own_tickets(session: Session, actor: Actor, words: str, limit: int) -> Sequence[OwnHit]:
    found = find_tickets(session, actor, words, now=utcnow(), most=limit)
    return [_hit(actor, ticket) for ticket in found]


def _hit(actor: Actor, ticket: FoundTicket) -> OwnHit:
    answers = actor.answers(ticket.desk)
    states = {**STATES, **AT_THE_DESK} if answers else STATES
    return OwnHit(
        title=f"#{ticket.number} {ticket.subject}",
        path=_path(actor, ticket, answers=answers),
        beside=f"{states[State(ticket.status)]} · {day(ticket.created_at)}",
    )


def _path(actor: Actor, ticket: FoundTicket, *, answers: bool) -> str:
    if not answers:
        return addresses.for_customer(ticket.number)
    return (
        addresses.for_staff(ticket.number)
        if actor.is_staff
        else addresses.for_builder(ticket.number)
    )
