"""What people without an account may do: write to us, and go on with what they wrote.

Their address is a claim, never a proof: it finds no account and opens no other ticket.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Role
from portal.foundation.tenancy import PLATFORM, seeing
from portal.policy.pack import Pack
from portal.tickets.models import GuestBrowser, Ticket
from portal.tickets.service import filing, following, states
from portal.tickets.service.conversation import Writing, Written
from portal.tickets.service.filing import Filed, NewTicket


def guest(
    *, name: str, email: str, locale: str, zone: str, builder_id: UUID | None = None
) -> Actor:
    """`builder_id`: at whose portal they write; None: to the platform."""
    return Actor(
        role=Role.GUEST, name=name, email=email, locale=locale, zone=zone, builder_id=builder_id
    )


def guest_of(ticket: Ticket) -> Actor:
    """Whoever holds the link of a guest's ticket."""
    return guest(
        name=ticket.requester_name,
        email=ticket.requester_email,
        locale=ticket.locale,
        zone=ticket.zone,
        builder_id=ticket.builder_id,
    )


def file_as_guest(
    session: Session, pack: Pack, new: NewTicket, *, by: Actor, at: datetime
) -> Filed:
    """For a session that speaks for nobody: it sees whom they write to while this is filed."""
    with seeing(session, by.builder_id or PLATFORM):
        return filing.file_ticket(session, pack, new, by=by, at=at)


def remember_browser(session: Session, ticket: Ticket, visitor: str) -> None:
    """So that the same browser finds it again; once is enough. `visitor` is a digest."""
    known = select(GuestBrowser.id).where(
        GuestBrowser.visitor == visitor, GuestBrowser.ticket_id == ticket.id
    )
    if session.scalar(known) is None:
        row = GuestBrowser(builder_id=ticket.builder_id, visitor=visitor, ticket_id=ticket.id)
        session.add(row)
        session.flush()


def reply_as_guest(
    session: Session, pack: Pack, ticket: Ticket, writing: Writing, *, at: datetime
) -> Written | Filed:
    """Raises as `following.reply`."""
    with seeing(session, ticket.builder_id or PLATFORM):
        return following.reply(session, pack, ticket, writing, by=guest_of(ticket), at=at)


def resolve_as_guest(session: Session, ticket: Ticket, *, at: datetime) -> None:
    """Raises TransitionError or ChangedMeanwhile."""
    with seeing(session, ticket.builder_id or PLATFORM), following.in_one_piece(session):
        states.resolve(session, ticket, by=guest_of(ticket), at=at)
