"""Beginning a thread, and writing in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.community.service import points
from portal.community.service.restrictions import refuse_if_restricted
from portal.community.service.standing import standing
from portal.core.permissions import Actor, Permission
from portal.core.reputation import WINDOW, is_flood
from portal.core.reputation import Post as Written
from portal.core.secrets import Finding
from portal.forum.happenings import REPLIED, STARTED
from portal.forum.models import Kind, Post, Reply, State
from portal.forum.queries import thread as queries
from portal.forum.service import finding, following, reading
from portal.forum.service.texts import Text, text_of, title_of
from portal.foundation import numbers, outbox
from portal.foundation.collisions import TAKEN, refusing
from portal.writing.service import pictures

NUMBERS: Final = "forum"


class Locked(ValueError):
    """Nobody writes in this thread any more."""


class TooMany(ValueError):
    """More than the writer's level takes within a day."""


class SentTwice(ValueError):
    """Another press of the same button was faster."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """`category` is a module's key, `key` the same for every press of the same button."""

    kind: Kind
    category: str
    language: str
    title: str
    body: str
    key: str = ""
    source_ticket_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    post: Post
    masked: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Replied:
    reply: Reply
    masked: Sequence[Finding] = ()


def begin(session: Session, new: NewPost, *, by: Actor, at: datetime) -> Posted:
    """Raises Restricted, TooMany, NothingWritten and TooLong."""
    by.require(Permission.TAKE_PART)
    if (earlier := _earlier_post(session, new.key, by)) is not None:
        return Posted(earlier)
    _refuse(session, by, at)
    title, text = title_of(new.title), text_of(new.body)
    post = Post(
        number=numbers.next_number(session, NUMBERS),
        kind=new.kind,
        category=new.category,
        language=new.language,
        title=title,
        active_at=at,
        updated_at=at,
        last_name=by.name,
        source_ticket_id=new.source_ticket_id,
        **_written(text, new.key, by, at),
    )
    with refusing(session, SentTwice(), TAKEN):
        session.add(post)
    following.follow_thread(session, post.id, by=by, at=at)
    pictures.show(session, post.body, by=by, at=at)
    finding.tell(session, post, at=at)
    outbox.record(session, STARTED, at=at, builder_id=None, post=str(post.id))
    return Posted(post, text.findings)


def reply(
    session: Session, post: Post, written: str, key: str = "", *, by: Actor, at: datetime
) -> Replied:
    """Raises Locked, Restricted, TooMany, NothingWritten and TooLong."""
    by.require(Permission.TAKE_PART)
    if (earlier := _earlier_reply(session, key, by)) is not None:
        return Replied(earlier)
    _refuse(session, by, at)
    if post.locked_at is not None and not by.may(Permission.MODERATE):
        raise Locked
    text = text_of(written)
    answer = Reply(
        post_id=post.id, number=_next_number(session, post), **_written(text, key, by, at)
    )
    with refusing(session, SentTwice(), TAKEN):
        session.add(answer)
    _count(session, post, by, at)
    following.follow_thread(session, post.id, by=by, at=at)
    reading.read_to(session, post.id, answer.number, by=by, at=at)
    pictures.show(session, answer.body, by=by, at=at)
    finding.tell(session, post, at=at)
    outbox.record(session, REPLIED, at=at, builder_id=None, reply=str(answer.id))
    return Replied(answer, text.findings)


def _refuse(session: Session, by: Actor, at: datetime) -> None:
    refuse_if_restricted(session, by, at=at)
    if by.user_id is None or by.is_staff:
        return
    points.taking_part(session, by.user_id, at=at)
    level = standing(session, by, at=at).level
    written = Written(last_day=queries.written_since(session, by.user_id, at - WINDOW))
    if is_flood(written, level):
        raise TooMany


def _written(text: Text, key: str, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "author_id": by.user_id,
        "author_name": by.name,
        "builder_id": by.builder_id,
        "is_staff": by.is_staff,
        "body": text.body,
        "body_html": text.html,
        "created_at": at,
        "submission_key": key or None,
    }


def _earlier_post(session: Session, key: str, by: Actor) -> Post | None:
    if not key:
        return None
    same = Post.submission_key == key, Post.author_id == by.user_id
    return session.scalar(select(Post).where(*same))


def _earlier_reply(session: Session, key: str, by: Actor) -> Reply | None:
    if not key:
        return None
    same = Reply.submission_key == key, Reply.author_id == by.user_id
    return session.scalar(select(Reply).where(*same))


def _next_number(session: Session, post: Post) -> int:
    """Whoever has drawn one keeps the others of this thread waiting until the commit."""
    drawn = (
        update(Post)
        .where(Post.id == post.id)
        .values(last_number=Post.last_number + 1)
        .returning(Post.last_number)
        .execution_options(synchronize_session=False)
    )
    number: int = session.execute(drawn).scalar_one()
    return number


def _count(session: Session, post: Post, by: Actor, at: datetime) -> None:
    first_word = func.coalesce(Post.staff_replied_at, at) if by.is_staff else Post.staff_replied_at
    session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(
            reply_count=Post.reply_count + 1,
            active_at=at,
            updated_at=at,
            last_name=by.name,
            staff_replied_at=first_word,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(post)


def is_open(post: Post, by: Actor | None) -> bool:
    """Whether somebody may write in it."""
    if by is None or not by.may(Permission.TAKE_PART) or post.state != State.PUBLISHED:
        return False
    return post.locked_at is None or by.may(Permission.MODERATE)
