"""Who takes part in a ticket, so that their names are found where nobody else should read them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.redaction import Known
from portal.tickets.models import Ticket
from portal.tickets.queries import conversation, escalations


def known(session: Session, ticket: Ticket, spoke: Iterable[str]) -> Known:
    """Also those on whose behalf it was passed up."""
    people, companies = {ticket.requester_name, *spoke}, set()
    if ticket.builder is not None:
        companies.add(ticket.builder.name)
        people.add(ticket.builder.contact_name or "")
    if (below := escalations.behind(session, ticket)) is not None:
        people |= {below.by_name, below.ticket.requester_name}
    return Known(sorted(filter(None, people)), sorted(companies))


def who_spoke(session: Session, ticket: Ticket, *, at: datetime) -> set[str]:
    said = conversation.conversation(session, ticket, internal=False, now=at)
    return {message.sender_name for message in said}
