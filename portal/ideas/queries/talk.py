"""What was said of an idea, and what became of it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation.keyset import soonest_first
from portal.foundation.paging import Cursor, Page
from portal.ideas.models import FeatureRequest, IdeaComment, IdeaStatusChange

COMMENTS: Final = 50  # a page
LATELY: Final = 100  # comments


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


def comment_by_key(session: Session, key: UUID) -> tuple[FeatureRequest, IdeaComment] | None:
    row = session.execute(
        select(FeatureRequest, IdeaComment)
        .join(IdeaComment, IdeaComment.request_id == FeatureRequest.id)
        .where(IdeaComment.id == key)
    ).first()
    return (row[0], row[1]) if row is not None else None


def talking(session: Session, idea: FeatureRequest) -> set[UUID]:
    """Who brought the idea and who spoke of it lately; of an internal one staff alone."""
    spoke = select(IdeaComment.author_id, IdeaComment.builder_id).where(
        IdeaComment.request_id == idea.id
    )
    newest = spoke.order_by(IdeaComment.created_at.desc(), IdeaComment.id.desc()).limit(LATELY)
    said = [(idea.submitted_by, idea.builder_id), *session.execute(newest)]
    return {
        person
        for person, builder in said
        if person is not None and (builder is None or not idea.is_internal)
    }
