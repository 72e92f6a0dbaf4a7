"""Files that wait for the form they were sent with to be accepted."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.tickets.models import Attachment


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
