"""What of a ticket was, or is to be, published in the forum."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.forum.models import Post
from portal.tickets.models import Consent, Publication, Ticket

OPEN = (Consent.ASKED, Consent.GRANTED, Consent.PUBLISHED)


def current(session: Session, ticket: Ticket) -> Publication | None:
    """The one that is open; there is never another beside it."""
    theirs = Publication.ticket_id == ticket.id, Publication.state.in_(OPEN)
    return session.scalar(select(Publication).where(*theirs))


def latest(session: Session, ticket: Ticket) -> Publication | None:
    query = select(Publication).where(Publication.ticket_id == ticket.id)
    return session.scalar(query.order_by(Publication.asked_at.desc(), Publication.id.desc()))


def thread_of(session: Session, post_id: UUID | None) -> Post | None:
    return session.get(Post, post_id) if post_id is not None else None
