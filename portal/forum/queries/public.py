"""Threads by their numbers, for search engines."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.forum.addresses import thread_path
from portal.forum.models import Post, State

_PUBLISHED = Post.state == State.PUBLISHED


def highest(session: Session) -> int:
    query = select(Post.number).where(_PUBLISHED).order_by(Post.number.desc()).limit(1)
    return session.scalar(query) or 0


def pages(session: Session, low: int, high: int) -> Iterator[tuple[str, datetime]]:
    """Path and when something was last written there."""
    query = select(Post.number, Post.title, Post.updated_at).where(
        _PUBLISHED, Post.number.between(low, high)
    )
    for number, title, at in session.execute(query.order_by(Post.number)):
        yield thread_path(number, title), at
