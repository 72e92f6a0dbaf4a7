"""Taking away what does not belong here, with a reason, and bringing it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.forum import is_author, require_judge
from portal.core.permissions import Actor, Forbidden, Permission
from portal.forum.happenings import REMOVED, RESTORED
from portal.forum.models import Post, Reply, State
from portal.forum.service import answers, finding, publishing
from portal.foundation import outbox
from portal.writing.service import pictures


class Answered(ValueError):
    """Others have written below it: only moderators take it away."""


def remove_post(session: Session, post: Post, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises Forbidden, and Answered for an author whose thread has replies."""
    _require(post, by)
    if post.reply_count and not by.may(Permission.MODERATE):
        raise Answered
    _take_away(session, post, reason, by, at)
    finding.tell(session, post, at=at)


def restore_post(session: Session, post: Post, *, by: Actor, at: datetime) -> None:
    require_judge(by, post.author_id)
    _give_back(session, post, by, at)
    if post.held_because:  # nobody has ever read it
        post.held_because = ""
        publishing.publish_post(session, post, at=at)
        return
    finding.tell(session, post, at=at)


def remove_reply(
    session: Session, post: Post, reply: Reply, reason: str, *, by: Actor, at: datetime
) -> None:
    """It leaves a stub, so that the rest can be understood. Raises Forbidden."""
    _require(reply, by)
    if reply.state not in (State.PUBLISHED, State.HELD):
        return
    counted = reply.state == State.PUBLISHED
    _take_away(session, reply, reason, by, at)
    if counted:
        _count(session, post, -1)
    answers.forget(session, post, reply, at=at)


def restore_reply(session: Session, post: Post, reply: Reply, *, by: Actor, at: datetime) -> None:
    require_judge(by, reply.author_id)
    if reply.state != State.REMOVED:
        return
    _give_back(session, reply, by, at)
    if reply.number is None:  # nobody has ever read it
        publishing.publish_reply(session, post, reply, at=at)
        return
    _count(session, post, 1)
    finding.tell(session, post, at=at)


def _require(what: Post | Reply, by: Actor) -> None:
    own = is_author(by, what.author_id) and by.may(Permission.TAKE_PART)
    if not own and not by.may(Permission.MODERATE):
        raise Forbidden(by.role, Permission.MODERATE)


def _take_away(session: Session, what: Post | Reply, reason: str, by: Actor, at: datetime) -> None:
    own = is_author(by, what.author_id)
    what.state, what.removed_at = State.REMOVED, at
    what.removed_by_name, what.removed_because = by.name, reason
    pictures.hide(session, what.body, at=at)
    if not own:
        about, key = _name(what), str(what.id)
        audit.record(session, "thread.removed", by=by, at=at, about=about, id=key, reason=reason)
    _record(session, REMOVED, what, by, at, own=own, reason=reason)
    session.flush()


def _give_back(session: Session, what: Post | Reply, by: Actor, at: datetime) -> None:
    what.state, what.removed_at = State.PUBLISHED, None
    what.removed_by_name = what.removed_because = ""
    pictures.show_again(session, what.body)
    audit.record(session, "thread.restored", by=by, at=at, about=_name(what), id=str(what.id))
    _record(session, RESTORED, what, by, at)
    session.flush()


def _record(
    session: Session, happened: str, what: Post | Reply, by: Actor, at: datetime, **facts: Any
) -> None:
    facts |= {"what": "post" if isinstance(what, Post) else "reply", "key": str(what.id)}
    outbox.record(session, happened, at=at, builder_id=None, by=str(by.user_id or ""), **facts)


def _name(what: Post | Reply) -> str:
    return what.title if isinstance(what, Post) else what.author_name


def _count(session: Session, post: Post, by: int) -> None:
    session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(reply_count=Post.reply_count + by)
        .execution_options(synchronize_session=False)
    )
    session.refresh(post)
