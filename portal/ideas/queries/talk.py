"""What was said of an idea, and what became of it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation.keyset import soonest_first
from portal.foundation.paging import Cursor, Page
from portal.ideas.models import FeatureRequest, IdeaComment, IdeaStatusChange
from portal.ideas.queries.reach import readable

COMMENTS: Final = 50  # a page


def comments(session: Session, request_id: UUID, cursor: Cursor | None) -> Page[IdeaComment]:
    query = select(IdeaComment).where(IdeaComment.request_id == request_id)
    columns = IdeaComment.created_at, IdeaComment.id
    return soonest_first(session, query, columns, cursor, COMMENTS)


def comment(session: Session, request_id: UUID, key: UUID) -> IdeaComment | None:
    return session.scalar(
        select(IdeaComment).where(IdeaComment.id == key, IdeaComment.request_id == request_id)
    )


def history(session: Session, request_id: UUID) -> Sequence[IdeaStatusChange]:
    """The newest first."""
    query = select(IdeaStatusChange).where(IdeaStatusChange.request_id == request_id)
    return session.scalars(
        query.order_by(IdeaStatusChange.at.desc(), IdeaStatusChange.id.desc())
    ).all()


def merged_into(
    session: Session, actor: Actor | None, request_id: UUID
) -> Sequence[FeatureRequest]:
    """What was the same idea."""
    same = FeatureRequest.merged_into_id == request_id
    query = select(FeatureRequest).where(same, readable(actor))
    return session.scalars(query.order_by(FeatureRequest.number)).all()
