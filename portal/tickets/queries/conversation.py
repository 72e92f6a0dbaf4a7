"""What stands on one ticket: words, files and history. The statements are put together once: that
takes longer than to ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.foundation.tenancy import read_rows
from portal.tickets.models import (
    Attachment,
    Message,
    MessageVersion,
    Ticket,
    TicketEvent,
)


class MessageEntry(NamedTuple):
    """What somebody wrote, in plain values."""

    id: UUID
    sender_type: str
    sender_id: UUID | None
    sender_name: str
    body: str
    attachments: Sequence[Mapping[str, Any]]
    is_internal: bool
    leaves_at: datetime
    edited_at: datetime | None
    created_at: datetime


AnyMessage: TypeAlias = Message | MessageEntry
MESSAGES: Select[*tuple[Any, ...]] = select(
    *(getattr(Message, name) for name in MessageEntry._fields)
)

_SAID = MESSAGES.where(
    Message.ticket_id == bindparam("ticket_id"), Message.withdrawn_at.is_(None)
).order_by(Message.created_at, Message.id)
_SAID_TO_CUSTOMERS = _SAID.where(
    Message.is_internal.is_(False), Message.leaves_at <= bindparam("now")
)


def conversation(
    session: Session, ticket: Ticket, *, internal: bool, now: datetime
) -> list[MessageEntry]:
    """Messages as the reader may see them: notes for staff alone, replies once they have left."""
    query = _SAID if internal else _SAID_TO_CUSTOMERS
    asked = {"ticket_id": ticket.id, "now": now}
    return [MessageEntry._make(row) for row in read_rows(session, query, asked)]


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


_FILES = (
    select(Attachment).where(Attachment.ticket_id == bindparam("ticket_id")).order_by(Attachment.id)
)


def attachments_of(session: Session, ticket: Ticket) -> dict[UUID | None, list[Attachment]]:
    """By message; None holds those of the opening."""
    found: dict[UUID | None, list[Attachment]] = {}
    for row in session.scalars(_FILES, {"ticket_id": ticket.id}):
        found.setdefault(row.message_id, []).append(row)
    return found


def attachment_of(session: Session, ticket: Ticket, attachment_id: UUID) -> Attachment | None:
    return session.scalar(
        select(Attachment).where(Attachment.id == attachment_id, Attachment.ticket_id == ticket.id)
    )


class EventEntry(NamedTuple):
    """An event of the timeline in plain values; a page tells dozens."""

    id: UUID
    kind: str
    at: datetime
    by_id: UUID | None
    by_name: str
    is_internal: bool
    facts: Mapping[str, Any]


_TIMELINE: Select[*tuple[Any, ...]] = (
    select(*(getattr(TicketEvent, name) for name in EventEntry._fields))
    .where(TicketEvent.ticket_id == bindparam("ticket_id"))
    .order_by(TicketEvent.at, TicketEvent.id)
)


def timeline(session: Session, ticket: Ticket) -> list[EventEntry]:
    """For staff and customers alike; what is internal says so."""
    return [
        EventEntry._make(row) for row in read_rows(session, _TIMELINE, {"ticket_id": ticket.id})
    ]
