"""What was said of an idea, and what became of it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation.keyset import soonest_first
from portal.foundation.paging import Cursor, Page
from portal.ideas.models import IdeaComment, IdeaStatusChange

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
