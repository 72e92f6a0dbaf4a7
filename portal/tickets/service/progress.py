"""How far a ticket is that was passed up: kept on what joins the two, and told to whoever asked.

They hear it as the builder's own word; nothing that the platform wrote goes down by itself.
"""

from datetime import datetime
from typing import Final

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM
from portal.foundation.ids import uuid7
from portal.foundation.speech import lazy_gettext as _l
from portal.policy.wording import locale_of
from portal.tickets.models import Escalation, Message, Ticket, TicketEvent
from portal.tickets.queries import escalations
from portal.tickets.service import history

ENDS: Final = frozenset({"resolved", "closed"})
SAID: Final = {
    "agent_replied": _l(
        "The people who can mend this are on it. You don't have to do anything; we write again as "
        "soon as there is something new."
    ),
    "resolved": _l(
        "This should work again now. Please try once more, and write back here if it does not."
    ),
}


def follow(session: Session, escalation: Escalation, what: str, *, at: datetime) -> None:
    """A ticket that ended above is settled, and is passed up again when it opens again."""
    if what in ENDS and escalation.state == "open":
        escalation.state, escalation.ended_at = "settled", at
    elif what == "reopened" and _can_go_on(session, escalation):
        escalation.state, escalation.ended_at = "open", None


def _can_go_on(session: Session, escalation: Escalation) -> bool:
    """Unless its ticket was passed up anew meanwhile."""
    settled = escalation.state == "settled"
    return settled and escalations.open_of(session, escalation.ticket) is None


def tell(session: Session, ticket: Ticket, what: str, *, at: datetime) -> None:
    """Each once, in the language of whoever asked, while their ticket goes on."""
    if what not in SAID or not ticket.active or what in _told(session, ticket):
        return
    with force_locale(str(locale_of(ticket.locale))):
        words = str(SAID[what])
    message = Message(
        id=uuid7(),
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        sender_type="system",
        sender_name=ticket.builder.name if ticket.builder else "",
        body=words,
        leaves_at=at,
        created_at=at,
    )
    session.add(message)
    key = str(message.id)
    history.tell(session, ticket, "progress_told", by=SYSTEM, at=at, message_id=key, what=what)


def _told(session: Session, ticket: Ticket) -> set[str]:
    events = select(TicketEvent.facts).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.kind == "progress_told"
    )
    return {facts.get("what", "") for facts in session.scalars(events)}
