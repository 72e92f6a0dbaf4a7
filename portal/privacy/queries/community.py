"""What a person wrote and chose in the community. What is nobody's business but their own (points,
votes for posts, what they follow) is no company's part."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.community.models import PointEntry, Restriction
from portal.forum.models import Flag, Follow, Post, Reply, Vote
from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaComment

Rows = Sequence[Any]


def posts(session: Session, user_id: UUID, scope: UUID | None) -> Rows:
    query = select(Post.created_at, Post.title, Post.body, Post.state)
    return _rows(session, query, Post.author_id, Post.builder_id, user_id, scope, Post.created_at)


def replies(session: Session, user_id: UUID, scope: UUID | None) -> Rows:
    query = select(Reply.created_at, Post.title, Reply.body, Reply.state).join(
        Post, Post.id == Reply.post_id
    )
    return _rows(
        session, query, Reply.author_id, Reply.builder_id, user_id, scope, Reply.created_at
    )


def ideas(session: Session, user_id: UUID, scope: UUID | None) -> Rows:
    idea = FeatureRequest
    query = select(idea.created_at, idea.title, idea.description, idea.use_case)
    return _rows(
        session, query, idea.submitted_by, idea.builder_id, user_id, scope, idea.created_at
    )


def idea_votes(session: Session, user_id: UUID, scope: UUID | None) -> Rows:
    vote = FeatureRequestVote
    query = select(vote.created_at, FeatureRequest.title, vote.reason).join(
        FeatureRequest, FeatureRequest.id == vote.request_id
    )
    return _rows(session, query, vote.user_id, vote.builder_id, user_id, scope, vote.created_at)


def comments(session: Session, user_id: UUID, scope: UUID | None) -> Rows:
    said = IdeaComment
    query = select(said.created_at, FeatureRequest.title, said.body).join(
        FeatureRequest, FeatureRequest.id == said.request_id
    )
    return _rows(session, query, said.author_id, said.builder_id, user_id, scope, said.created_at)


def votes(session: Session, user_id: UUID) -> Rows:
    """For posts and replies."""
    query = select(Vote.created_at, Vote.post_id, Vote.reply_id).where(Vote.user_id == user_id)
    return session.execute(query.order_by(Vote.created_at)).all()


def follows(session: Session, user_id: UUID) -> Rows:
    query = select(Follow.created_at, Follow.category, Post.title).outerjoin(
        Post, Post.id == Follow.post_id
    )
    return session.execute(query.where(Follow.user_id == user_id).order_by(Follow.created_at)).all()


def flags(session: Session, user_id: UUID) -> Rows:
    query = select(Flag.at, Flag.reason, Flag.comment, Flag.upheld).where(Flag.by_id == user_id)
    return session.execute(query.order_by(Flag.at)).all()


def points(session: Session, user_id: UUID) -> Rows:
    line = PointEntry
    query = select(line.at, line.cause, line.points, line.taken_back_at)
    return session.execute(query.where(line.user_id == user_id).order_by(line.at, line.id)).all()


def restrictions(session: Session, user_id: UUID) -> Rows:
    row = Restriction
    query = select(row.starts_at, row.ends_at, row.reason, row.appeal, row.answer)
    return session.execute(query.where(row.user_id == user_id).order_by(row.starts_at)).all()


def _rows(
    session: Session,
    query: Select[*tuple[Any, ...]],
    whose: InstrumentedAttribute[Any],
    company: InstrumentedAttribute[Any],
    user_id: UUID,
    scope: UUID | None,
    at: InstrumentedAttribute[Any],
) -> Rows:
    part: ColumnElement[bool] = true() if scope is None else company == scope
    return session.execute(query.where(whose == user_id, part).order_by(at)).all()
