"""Asking moderators to look, and what they make of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.community.service.restrictions import refuse_if_restricted
from portal.community.service.standing import require
from portal.core.forum import is_author, require_judge
from portal.core.permissions import Actor, Permission
from portal.core.reputation import Right
from portal.forum.happenings import FLAGGED, SETTLED
from portal.forum.models import Flag, Post, Reply, State, Wrong
from portal.forum.service import removing
from portal.foundation import outbox
from portal.foundation.collisions import TAKEN, refusing


class Own(ValueError):
    """Nobody reports their own words: they can remove them."""


class Already(ValueError):
    """They have asked before."""


def flag(
    session: Session, what: Post | Reply, reason: Wrong, comment: str, *, by: Actor, at: datetime
) -> Flag:
    """Once each. Raises Restricted, NotYet, Own and Already."""
    by.require(Permission.TAKE_PART)
    refuse_if_restricted(session, by, at=at)
    require(session, by, Right.FLAG, at=at)
    if is_author(by, what.author_id):
        raise Own
    raised = Flag(
        **_about(what),
        reason=reason,
        comment=comment,
        by_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    with refusing(session, Already(), TAKEN):
        session.add(raised)
    outbox.record(session, FLAGGED, at=at, builder_id=None, flag=str(raised.id))
    return raised


def uphold(
    session: Session, post: Post, what: Post | Reply, reason: str, *, by: Actor, at: datetime
) -> None:
    """It goes, with the reason, and whoever reported it is told."""
    by.require(Permission.MODERATE)
    if isinstance(what, Reply):
        removing.remove_reply(session, post, what, reason, by=by, at=at)
    elif what.state in (State.PUBLISHED, State.HELD):
        removing.remove_post(session, what, reason, by=by, at=at)
    _settle(session, what, by, at, upheld=True)
    audit.record(session, "flag.upheld", by=by, at=at, about=post.title, reason=reason)


def dismiss(session: Session, post: Post, what: Post | Reply, *, by: Actor, at: datetime) -> None:
    """Nothing is wrong with it."""
    require_judge(by, what.author_id)
    _settle(session, what, by, at, upheld=False)
    audit.record(session, "flag.dismissed", by=by, at=at, about=post.title)


def _about(what: Post | Reply) -> dict[str, object]:
    return {"post_id": what.id} if isinstance(what, Post) else {"reply_id": what.id}


def _open_on(session: Session, what: Post | Reply) -> Sequence[Flag]:
    about = Flag.post_id == what.id if isinstance(what, Post) else Flag.reply_id == what.id
    return session.scalars(select(Flag).where(about, Flag.settled_at.is_(None))).all()


def _settle(session: Session, what: Post | Reply, by: Actor, at: datetime, *, upheld: bool) -> None:
    for raised in _open_on(session, what):
        raised.settled_at, raised.settled_by_name, raised.upheld = at, by.name, upheld
        outbox.record(session, SETTLED, at=at, builder_id=None, flag=str(raised.id))
    session.flush()
