"""Files that wait for the form they were sent with to be accepted."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.tickets.models import Attachment, Message, Ticket


def waiting(session: Session, actor: Actor, ids: Collection[UUID]) -> list[Attachment]:
    """The actor's own that belong to no ticket yet, in the order of their arrival."""
    if not ids or actor.user_id is None:
        return []
    return list(
        session.scalars(
            select(Attachment)
            .where(
                Attachment.id.in_(ids),
                Attachment.uploaded_by == actor.user_id,
                Attachment.ticket_id.is_(None),
            )
            .order_by(Attachment.id)
        )
    )


def readable(
    session: Session, ticket: Ticket, attachment_id: UUID, *, internal: bool, now: datetime
) -> Attachment | None:
    """A file of the ticket, unless it hangs on words that the reader may not see."""
    query = (
        select(Attachment)
        .outerjoin(Message, Message.id == Attachment.message_id)
        .where(Attachment.id == attachment_id, Attachment.ticket_id == ticket.id)
    )
    if not internal:
        said = Message.is_internal.is_(False) & (Message.leaves_at <= now)
        said &= Message.withdrawn_at.is_(None)
        query = query.where(Attachment.message_id.is_(None) | said)
    return session.scalar(query)
