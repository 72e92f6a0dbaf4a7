"""What somebody wrote, for their profile; and what a point was for."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.community.contributions import Contribution, Found
from portal.core.permissions import Actor
from portal.forum.addresses import permalink, thread_path
from portal.forum.models import Post, Reply, State

_POSTS: Final = select(Post.id, Post.number, Post.title, Post.created_at).where(
    Post.state == State.PUBLISHED
)
_REPLIES: Final = (
    select(Reply.id, Post.title, Reply.created_at)
    .join(Post, Post.id == Reply.post_id)
    .where(Reply.state == State.PUBLISHED, Post.state == State.PUBLISHED)
)


def threads_of(session: Session, whose: UUID, _looks: Actor | None, most: int) -> Found:
    own = _POSTS.where(Post.author_id == whose)
    latest = _with_number(own).order_by(Post.created_at.desc(), Post.id.desc()).limit(most)
    rows = session.execute(latest).all()
    return Found(rows[0].number_of_all if rows else 0, [_post(row) for row in rows])


def replies_of(session: Session, whose: UUID, _looks: Actor | None, most: int) -> Found:
    own = _REPLIES.where(Reply.author_id == whose)
    latest = _with_number(own).order_by(Reply.created_at.desc(), Reply.id.desc()).limit(most)
    rows = session.execute(latest).all()
    return Found(rows[0].number_of_all if rows else 0, [_reply(row) for row in rows])


def posts(session: Session, _looks: Actor, keys: Collection[UUID]) -> dict[UUID, Contribution]:
    return {row.id: _post(row) for row in session.execute(_POSTS.where(Post.id.in_(keys)))}


def replies(session: Session, _looks: Actor, keys: Collection[UUID]) -> dict[UUID, Contribution]:
    return {row.id: _reply(row) for row in session.execute(_REPLIES.where(Reply.id.in_(keys)))}


def _with_number(own: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Beside each row how many there are, in the same question."""
    number = select(func.count()).select_from(own.subquery()).scalar_subquery()
    return own.add_columns(number.label("number_of_all"))


def _post(row: Any) -> Contribution:
    return Contribution(row.title, thread_path(row.number, row.title), row.created_at)


def _reply(row: Any) -> Contribution:
    return Contribution(row.title, permalink(row.id), row.created_at)
