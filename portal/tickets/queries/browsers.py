"""What somebody without an account wrote in one browser."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.foundation.numbers import HIGHEST
from portal.tickets.models import GuestBrowser, Message, Ticket
from portal.tickets.queries.entries import ENTRIES, Entry, entries
from portal.tickets.queries.reach import with_people


def written_in(session: Session, visitor: str, *, limit: int) -> list[Entry]:
    """The newest first."""
    rows = ENTRIES.join(GuestBrowser, GuestBrowser.ticket_id == Ticket.id)
    theirs = rows.where(GuestBrowser.visitor == visitor, Ticket.requester_id.is_(None))
    return entries(
        session, theirs.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit)
    )


def ticket_written_in(session: Session, visitor: str, number: int) -> Ticket | None:
    if number > HIGHEST:
        return None
    rows = select(Ticket).join(GuestBrowser, GuestBrowser.ticket_id == Ticket.id)
    theirs = rows.where(GuestBrowser.visitor == visitor, Ticket.requester_id.is_(None))
    return session.scalar(with_people(theirs.where(Ticket.number == number)))


def was_sent(session: Session, visitor: str, key: str) -> bool:
    """Whether a form whose answer was never seen has arrived: a ticket, or a reply to one."""
    rows = select(Ticket.id).join(GuestBrowser, GuestBrowser.ticket_id == Ticket.id)
    theirs = rows.where(GuestBrowser.visitor == visitor, Ticket.requester_id.is_(None))
    replied = select(Message.id).where(
        Message.ticket_id == Ticket.id, Message.submission_key == key
    )
    sent = theirs.where(or_(Ticket.submission_key == key, replied.exists()))
    return session.scalar(sent.limit(1)) is not None
