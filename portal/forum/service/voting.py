"""Saying that something was useful, once, and taking it back.

The unique row decides; the counter moves with it in the same transaction, and `counting` can make
it anew.
"""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.community.service.restrictions import refuse_if_restricted
from portal.core.forum import may_vote
from portal.core.permissions import Actor
from portal.forum.happenings import VOTED
from portal.forum.models import Post, Reply, State, Vote
from portal.foundation import outbox
from portal.foundation.collisions import TAKEN, refusing


class NotYours(ValueError):
    """Nobody votes for themselves, nor for what is gone."""


class _Already(ValueError):
    """They have."""


def upvote(session: Session, what: Post | Reply, *, by: Actor, at: datetime) -> bool:
    """Whether it counts anew. Raises NotYours and Restricted."""
    refuse_if_restricted(session, by, at=at)
    if not may_vote(by, what.author_id) or what.state != State.PUBLISHED:
        raise NotYours
    try:
        with refusing(session, _Already(), TAKEN):
            session.add(_vote(what, by, at))
    except _Already:
        return False
    _move(session, what, 1)
    _record(session, what, by, at)
    return True


def take_back(session: Session, what: Post | Reply, *, by: Actor, at: datetime) -> bool:
    """Whether there was a vote."""
    about = Vote.post_id == what.id if isinstance(what, Post) else Vote.reply_id == what.id
    gone = session.execute(delete(Vote).where(Vote.user_id == by.user_id, about))
    if not gone.rowcount:  # type: ignore[attr-defined]
        return False
    _move(session, what, -1)
    _record(session, what, by, at)
    return True


def _record(session: Session, what: Post | Reply, by: Actor, at: datetime) -> None:
    """What it is worth is weighed later: nobody waits for it."""
    kind = "post" if isinstance(what, Post) else "reply"
    key, voter = str(what.id), str(by.user_id)
    outbox.record(session, VOTED, at=at, builder_id=None, what=kind, key=key, by=voter)


def _vote(what: Post | Reply, by: Actor, at: datetime) -> Vote:
    if isinstance(what, Post):
        return Vote(user_id=by.user_id, post_id=what.id, created_at=at)
    return Vote(user_id=by.user_id, reply_id=what.id, created_at=at)


def _move(session: Session, what: Post | Reply, by: int) -> None:
    kind = type(what)
    session.execute(
        update(kind)
        .where(kind.id == what.id)
        .values(upvote_count=kind.upvote_count + by)
        .execution_options(synchronize_session=False)
    )
    session.refresh(what, ["upvote_count"])
