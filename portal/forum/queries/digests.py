"""What is new in what somebody follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import BUILDER_STAFF, STAFF
from portal.forum.models import Digest, Follow, Position, Post, State

MOST: Final = 10  # of each kind; a letter is no archive


@dataclass(frozen=True, slots=True)
class News:
    """`begun` are threads of categories, `went_on` threads with replies that were not read."""

    begun: Sequence[Any]
    went_on: Sequence[Any]

    def __bool__(self) -> bool:
        return bool(self.begun or self.went_on)


def due(session: Session, at: datetime, most: int) -> Sequence[Digest]:
    rows = select(Digest).where(Digest.next_at <= at).order_by(Digest.next_at).limit(most)
    return session.scalars(rows.with_for_update(skip_locked=True)).all()


def of(session: Session, user_id: UUID) -> Digest | None:
    return session.scalar(select(Digest).where(Digest.user_id == user_id))


def reader(session: Session, user_id: UUID) -> User | None:
    """Who may still write in the forum."""
    roles = [role.value for role in BUILDER_STAFF | STAFF]
    member = select(Membership.id).where(Membership.user_id == User.id, Membership.role.in_(roles))
    who = User.id == user_id, User.disabled_at.is_(None), member.exists()
    return session.scalar(select(User).where(*who))


def news(session: Session, user_id: UUID, since: datetime) -> News:
    shown = select(
        Post.number, Post.title, Post.language, Post.reply_count, Post.last_number
    ).where(Post.state == State.PUBLISHED)
    read = (
        select(Position.read_to)
        .where(Position.post_id == Post.id, Position.user_id == user_id)
        .scalar_subquery()
    )
    begun = (
        shown.join(Follow, Follow.category == Post.category)
        .where(Follow.user_id == user_id, Post.created_at > since)
        .where(Post.author_id.is_distinct_from(user_id), read.is_(None))
        .order_by(Post.created_at.desc())
    )
    went_on = (
        shown.add_columns(func.coalesce(read, 0).label("read_to"))
        .join(Follow, Follow.post_id == Post.id)
        .where(Follow.user_id == user_id, Post.active_at > since)
        .where(Post.last_number > func.coalesce(read, 0))
        .order_by(Post.active_at.desc())
    )
    return News(*(session.execute(one.limit(MOST)).all() for one in (begun, went_on)))
