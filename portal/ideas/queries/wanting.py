"""Who wants an idea, and is told what becomes of it: each person once, however they came to it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaTicket
from portal.ideas.queries.tickets import TICKETS


def people(
    session: Session, requests: Collection[UUID], after: UUID | None, most: int
) -> Sequence[UUID]:
    """Who brought one of these, voted for it, or asked for it in a ticket; in the order of their
    keys, from the one that comes behind `after`."""
    brought = select(FeatureRequest.submitted_by.label("who")).where(
        FeatureRequest.id.in_(requests)
    )
    voted = select(FeatureRequestVote.user_id).where(FeatureRequestVote.request_id.in_(requests))
    asked = (
        select(TICKETS.c.requester_id)
        .join(IdeaTicket, IdeaTicket.ticket_id == TICKETS.c.id)
        .where(IdeaTicket.request_id.in_(requests))
    )
    everybody = union(brought, voted, asked).subquery()
    query = select(everybody.c.who).where(everybody.c.who.is_not(None))
    if after is not None:
        query = query.where(everybody.c.who > after)
    return session.scalars(query.order_by(everybody.c.who).limit(most)).all()
