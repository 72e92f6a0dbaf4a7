"""Who wants to hear of a thread, or of a category."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.forum.models import Follow
from portal.forum.service import digests
from portal.foundation.collisions import TAKEN, refusing


class _Already(ValueError):
    """They do."""


def follow_thread(session: Session, post_id: UUID, *, by: Actor, at: datetime) -> None:
    _follow(session, Follow(user_id=by.user_id, post_id=post_id, created_at=at), by)


def follow_category(session: Session, category: str, *, by: Actor, at: datetime) -> None:
    _follow(session, Follow(user_id=by.user_id, category=category, created_at=at), by)


def leave_thread(session: Session, post_id: UUID, *, by: Actor) -> None:
    mine = Follow.user_id == by.user_id, Follow.post_id == post_id
    session.execute(delete(Follow).where(*mine))


def leave_category(session: Session, category: str, *, by: Actor) -> None:
    mine = Follow.user_id == by.user_id, Follow.category == category
    session.execute(delete(Follow).where(*mine))


def _follow(session: Session, wish: Follow, by: Actor) -> None:
    by.require(Permission.TAKE_PART)
    try:
        with refusing(session, _Already(), TAKEN):
            session.add(wish)
    except _Already:
        return
    digests.begin(session, by=by, at=wish.created_at)
