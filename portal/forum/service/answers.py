"""Which reply is the answer: accepted by who asked, verified by who knows."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.forum import may_accept, require_judge
from portal.core.permissions import Actor, Forbidden, Permission
from portal.forum.happenings import ANSWERED, JUDGED
from portal.forum.models import Kind, Post, Reply, State
from portal.forum.service import finding
from portal.foundation import outbox


class NoQuestion(ValueError):
    """Discussions have no answer, and what is gone is none."""


def accept(session: Session, post: Post, reply: Reply, *, by: Actor, at: datetime) -> None:
    """One a thread: another one takes its place. Raises NoQuestion and Forbidden."""
    _require_asker(post, by)
    _require_answer(post, reply)
    if reply.accepted_at is not None:
        return
    for former in _answers(session, post):
        if former.accepted_at is not None:
            former.accepted_at = None
            _judge(session, former, at)
    reply.accepted_at = at
    _settle(session, post, at)
    _tell(session, post, reply, by, at)


def take_back_acceptance(
    session: Session, post: Post, reply: Reply, *, by: Actor, at: datetime
) -> None:
    _require_asker(post, by)
    reply.accepted_at = None
    _settle(session, post, at)
    _judge(session, reply, at)


def verify(session: Session, post: Post, reply: Reply, *, by: Actor, at: datetime) -> None:
    """Raises NoQuestion and Forbidden."""
    require_judge(by, reply.author_id)
    _require_answer(post, reply)
    if reply.verified_at is not None:
        return
    reply.verified_at, reply.verified_by_name = at, by.name
    _settle(session, post, at)
    _tell(session, post, reply, by, at)


def take_back_verification(
    session: Session, post: Post, reply: Reply, *, by: Actor, at: datetime
) -> None:
    by.require(Permission.MODERATE)
    reply.verified_at, reply.verified_by_name = None, ""
    _settle(session, post, at)
    _judge(session, reply, at)


def forget(session: Session, post: Post, reply: Reply, *, at: datetime) -> None:
    """Of a reply that goes away."""
    was_one = reply.accepted_at is not None or reply.verified_at is not None
    reply.accepted_at = reply.verified_at = None
    _settle(session, post, at)
    if was_one:
        _judge(session, reply, at)


def _require_asker(post: Post, by: Actor) -> None:
    if not may_accept(by, post.author_id):
        raise Forbidden(by.role, Permission.TAKE_PART)


def _require_answer(post: Post, reply: Reply) -> None:
    if post.kind != Kind.QUESTION or reply.state != State.PUBLISHED:
        raise NoQuestion


def _answers(session: Session, post: Post) -> list[Reply]:
    answering = Reply.accepted_at.is_not(None) | Reply.verified_at.is_not(None)
    found = session.scalars(select(Reply).where(Reply.post_id == post.id, answering))
    return list(found)


def _settle(session: Session, post: Post, at: datetime) -> None:
    """What the thread says of its replies."""
    session.flush()
    left = _answers(session, post)
    verified = [reply.verified_at for reply in left if reply.verified_at is not None]
    accepted = [reply.accepted_at for reply in left if reply.accepted_at is not None]
    post.answered_at = min([*verified, *accepted], default=None)
    post.verified_at = min(verified, default=None)
    post.updated_at = at
    session.flush()
    finding.tell(session, post, at=at)


def _judge(session: Session, reply: Reply, at: datetime) -> None:
    outbox.record(session, JUDGED, at=at, builder_id=None, reply=str(reply.id))


def _tell(session: Session, post: Post, reply: Reply, by: Actor, at: datetime) -> None:
    _judge(session, reply, at)
    outbox.record(
        session,
        ANSWERED,
        at=at,
        builder_id=None,
        reply=str(reply.id),
        by=str(by.user_id),
        by_name=by.name,
    )
