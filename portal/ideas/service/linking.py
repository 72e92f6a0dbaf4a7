"""The tickets in which an idea was asked for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.ideas.models import FeatureRequest, IdeaTicket
from portal.ideas.queries.tickets import Asked


def link(
    session: Session, idea: FeatureRequest, asked: Asked, *, by: Actor, at: datetime
) -> IdeaTicket:
    """Once, however often it is said. The caller holds the idea."""
    by.require(Permission.WORK_TICKETS)
    same = IdeaTicket.request_id == idea.id, IdeaTicket.ticket_id == asked.id
    known = session.scalar(select(IdeaTicket).where(*same))
    if known is not None:
        return known
    made = IdeaTicket(
        request_id=idea.id,
        ticket_id=asked.id,
        builder_id=asked.builder_id,
        linked_by=by.user_id,
        linked_by_name=by.name,
        linked_at=at,
    )
    session.add(made)
    session.flush()
    return made
