"""Keeping order: what stands on top, what is closed, and what belongs elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.forum import require_judge
from portal.core.permissions import Actor, Permission
from portal.forum.models import Follow, Post, Reply, State, Vote
from portal.forum.service import finding
from portal.forum.service.posting import NUMBERS
from portal.forum.service.texts import title_of
from portal.foundation import numbers
from portal.foundation.markup import render


class Itself(ValueError):
    """A thread is not joined to itself, nor to one that leads elsewhere."""


class NothingChosen(ValueError):
    """No reply was chosen, or none of this thread."""


def pin(session: Session, post: Post, *, by: Actor, at: datetime) -> None:
    require_judge(by, post.author_id)
    post.pinned_at = post.pinned_at or at
    audit.record(session, "thread.pinned", by=by, at=at, about=post.title)
    session.flush()


def unpin(session: Session, post: Post, *, by: Actor, at: datetime) -> None:
    by.require(Permission.MODERATE)
    post.pinned_at = None
    audit.record(session, "thread.unpinned", by=by, at=at, about=post.title)
    session.flush()


def lock(session: Session, post: Post, *, by: Actor, at: datetime) -> None:
    by.require(Permission.MODERATE)
    post.locked_at = post.locked_at or at
    audit.record(session, "thread.locked", by=by, at=at, about=post.title)
    session.flush()


def unlock(session: Session, post: Post, *, by: Actor, at: datetime) -> None:
    require_judge(by, post.author_id)
    post.locked_at = None
    audit.record(session, "thread.unlocked", by=by, at=at, about=post.title)
    session.flush()


def move(session: Session, post: Post, category: str, *, by: Actor, at: datetime) -> None:
    """To another category, which must be a module's key."""
    by.require(Permission.MODERATE)
    if category == post.category:
        return
    former, post.category = post.category, category
    audit.record(session, "thread.moved", by=by, at=at, about=post.title, was=former, now=category)
    session.flush()
    finding.tell(session, post, at=at)


def merge(session: Session, post: Post, into: Post, *, by: Actor, at: datetime) -> None:
    """All that was written goes on in the other thread, after what stands there; the former address
    leads there. Raises Itself."""
    by.require(Permission.MODERATE)
    if post.id == into.id or into.state != State.PUBLISHED or post.state != State.PUBLISHED:
        raise Itself
    _say_as_reply(session, post, into)
    _carry(session, _replies(session, post), into)
    _follow_along(session, post, into)
    post.state, post.merged_into_id = State.MERGED, into.id
    post.pinned_at = None
    _recount(session, post)
    _recount(session, into)
    audit.record(session, "thread.merged", by=by, at=at, about=post.title, into=into.title)
    for one in (post, into):
        finding.tell(session, one, at=at)


def split(
    session: Session,
    post: Post,
    numbers_of_replies: Sequence[int],
    title: str,
    *,
    by: Actor,
    at: datetime,
) -> Post:
    """A thread of its own, begun by the first of the chosen replies. Raises NothingChosen,
    NothingWritten and TooLong."""
    by.require(Permission.MODERATE)
    chosen = [one for one in _replies(session, post) if one.number in set(numbers_of_replies)]
    if not chosen:
        raise NothingChosen
    first, rest = chosen[0], chosen[1:]
    new = _begun_by(session, post, first, title_of(title))
    _carry(session, rest, new)
    first.state, first.became_id = State.MERGED, new.id
    first.accepted_at = first.verified_at = None
    first.upvote_count = 0
    _recount(session, post)
    _recount(session, new)
    audit.record(session, "thread.split", by=by, at=at, about=post.title, into=new.title)
    for one in (post, new):
        finding.tell(session, one, at=at)
    return new


def _replies(session: Session, post: Post) -> list[Reply]:
    """Those that can be read, in their order."""
    rows = select(Reply).where(Reply.post_id == post.id, Reply.state == State.PUBLISHED)
    return list(session.scalars(rows.order_by(Reply.number)))


def _say_as_reply(session: Session, post: Post, into: Post) -> None:
    """What the thread began with, as a reply in the other one, with its votes."""
    session.refresh(into)
    into.last_number += 1
    reply = Reply(
        post_id=into.id,
        number=into.last_number,
        **{name: getattr(post, name) for name in _WRITTEN},
    )
    reply.body = f"**{post.title}**\n\n{post.body}"
    reply.body_html = str(render(reply.body))
    session.add(reply)
    session.flush()
    session.execute(
        update(Vote).where(Vote.post_id == post.id).values(post_id=None, reply_id=reply.id)
    )


_WRITTEN = (
    *("author_id", "author_name", "builder_id", "is_staff", "upvote_count", "created_at"),
    *("edited_at", "body", "body_html"),
)


def _begun_by(session: Session, post: Post, first: Reply, title: str) -> Post:
    new = Post(
        number=numbers.next_number(session, NUMBERS),
        kind=post.kind,
        category=post.category,
        language=post.language,
        title=title,
        active_at=first.created_at,
        updated_at=first.created_at,
        **{name: getattr(first, name) for name in _WRITTEN},
    )
    session.add(new)
    session.flush()
    session.execute(
        update(Vote).where(Vote.reply_id == first.id).values(post_id=new.id, reply_id=None)
    )
    return new


def _carry(session: Session, replies: Sequence[Reply], into: Post) -> None:
    """Each gets a new number there; an answer stays one only where there is none yet."""
    for reply in replies:
        into.last_number += 1
        reply.post_id, reply.number = into.id, into.last_number
        if into.answered_at is not None:
            reply.accepted_at = None
    session.flush()


def _follow_along(session: Session, post: Post, into: Post) -> None:
    there = select(Follow.user_id).where(Follow.post_id == into.id)
    here = Follow.post_id == post.id
    session.execute(
        update(Follow)
        .where(here, Follow.user_id.not_in(there))
        .values(post_id=into.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Follow).where(here))


def _recount(session: Session, post: Post) -> None:
    """From what stands in the thread now."""
    session.flush()
    said = Reply.post_id == post.id, Reply.state == State.PUBLISHED
    count, last, staff, accepted, verified = session.execute(
        select(
            func.count(),
            func.max(Reply.created_at),
            func.min(Reply.created_at).filter(Reply.is_staff),
            func.min(Reply.accepted_at),
            func.min(Reply.verified_at),
        ).where(*said)
    ).one()
    answered = [at for at in (accepted, verified) if at is not None]
    post.reply_count, post.active_at = count, max(last or post.created_at, post.created_at)
    post.staff_replied_at, post.verified_at = staff, verified
    post.answered_at = min(answered, default=None)
    newest = select(Reply.author_name).where(*said).order_by(Reply.created_at.desc()).limit(1)
    post.last_name = session.scalar(newest) or post.author_name
    session.flush()
