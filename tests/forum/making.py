"""Threads and replies for tests."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.community.models import PointEntry
from portal.community.service import points
from portal.core.permissions import Actor
from portal.core.reputation import Cause
from portal.forum.models import Kind, Post, Reply
from portal.forum.service import posting
from portal.forum.service.posting import NewPost
from portal.foundation.ids import uuid7


def thread(
    session: Session,
    by: Actor,
    at: datetime,
    title: str = "How do weather days work?",
    body: str = "It rained for **four** days.",
    kind: Kind = Kind.QUESTION,
    category: str = "scheduling",
    language: str = "en",
) -> Post:
    new = NewPost(kind, category, language, title, body)
    return posting.begin(session, new, by=by, at=at).post


def reply(
    session: Session, post: Post, by: Actor, at: datetime, text: str = "Use another calendar."
) -> Reply:
    return posting.reply(session, post, text, by=by, at=at).reply


def known(session: Session, who: Actor, at: datetime) -> None:
    """They have taken part for a while, and others found it useful."""
    assert who.user_id is not None
    began = at - timedelta(days=30)
    member = points.taking_part(session, who.user_id, at=began)
    givers = session.scalars(select(User.id).where(User.id != who.user_id).limit(5)).all()
    for giver in givers:
        session.add(
            PointEntry(
                user_id=who.user_id,
                cause=Cause.REPLY_UPVOTED,
                points=10,
                at=began,
                source_kind="forum_reply",
                source_id=uuid7(),
                given_by=giver,
                by_peer=True,
            )
        )
    member.points, member.created_at = 10 * len(givers), began
    session.flush()
