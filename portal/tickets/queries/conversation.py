"""What stands on one ticket: words, files, history, checks and pages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.tickets.models import (
    Attachment,
    Check,
    Message,
    MessageVersion,
    Page,
    Ticket,
    TicketEvent,
)


def conversation(
    session: Session, ticket: Ticket, *, internal: bool, now: datetime
) -> list[Message]:
    """Messages as the reader may see them: notes for staff alone, replies once they have left."""
    query = (
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.withdrawn_at.is_(None))
        .order_by(Message.created_at, Message.id)
    )
    if not internal:
        query = query.where(Message.is_internal.is_(False), Message.leaves_at <= now)
    return list(session.scalars(query))


def message_of(session: Session, ticket: Ticket, message_id: UUID) -> Message | None:
    return session.scalar(
        select(Message).where(Message.id == message_id, Message.ticket_id == ticket.id)
    )


def versions_of(session: Session, message: Message) -> list[MessageVersion]:
    return list(
        session.scalars(
            select(MessageVersion)
            .where(MessageVersion.message_id == message.id)
            .order_by(MessageVersion.replaced_at)
        )
    )


def attachments_of(session: Session, ticket: Ticket) -> dict[UUID | None, list[Attachment]]:
    """By message; None holds those of the opening."""
    found: dict[UUID | None, list[Attachment]] = {}
    rows = session.scalars(
        select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)
    )
    for row in rows:
        found.setdefault(row.message_id, []).append(row)
    return found


def attachment_of(session: Session, ticket: Ticket, attachment_id: UUID) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.ticket_id == ticket.id)
    )


def timeline(session: Session, ticket: Ticket, *, internal: bool) -> list[TicketEvent]:
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)
    if not internal:
        query = query.where(TicketEvent.is_internal.is_(False))
    return list(session.scalars(query.order_by(TicketEvent.at, TicketEvent.id)))


def checks_of(session: Session, ticket: Ticket) -> dict[str, Check]:
    rows = session.scalars(select(Check).where(Check.ticket_id == ticket.id))
    return {row.item: row for row in rows}


def pages_of(session: Session, ticket: Ticket) -> list[Page]:
    return list(
        session.scalars(select(Page).where(Page.ticket_id == ticket.id).order_by(Page.created_at))
    )
