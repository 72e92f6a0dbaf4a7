"""Beginning a thread, and writing in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.community.service import points
from portal.community.service.restrictions import refuse_if_restricted
from portal.community.service.standing import standing
from portal.core.permissions import Actor, Permission
from portal.core.reputation import Held, held_because, is_flood, links_in
from portal.core.reputation import Post as Sent
from portal.core.secrets import Finding
from portal.forum.models import Kind, Post, Reply, State
from portal.forum.queries import thread as queries
from portal.forum.service import following, publishing, reading
from portal.forum.service.texts import Text, text_of, title_of
from portal.foundation import numbers
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
    title, text = title_of(new.title), text_of(new.body)
    held = _examine(session, text, by, at)
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
        **_written(text, new.key, held, by, at),
    )
    with refusing(session, SentTwice(), TAKEN):
        session.add(post)
    following.follow_thread(session, post.id, by=by, at=at)
    if held is None:
        publishing.publish_post(session, post, at=at)
    else:
        publishing.tell_held(session, post, at=at)
    return Posted(post, text.findings)


def reply(
    session: Session, post: Post, written: str, key: str = "", *, by: Actor, at: datetime
) -> Replied:
    """Raises Locked, Restricted, TooMany, NothingWritten and TooLong."""
    by.require(Permission.TAKE_PART)
    if (earlier := _earlier_reply(session, key, by)) is not None:
        return Replied(earlier)
    text = text_of(written)
    held = _examine(session, text, by, at)
    if post.locked_at is not None and not by.may(Permission.MODERATE):
        raise Locked
    answer = Reply(post_id=post.id, **_written(text, key, held, by, at))
    with refusing(session, SentTwice(), TAKEN):
        session.add(answer)
    following.follow_thread(session, post.id, by=by, at=at)
    if held is None:
        publishing.publish_reply(session, post, answer, at=at)
        reading.read_to(session, post.id, post.last_number, by=by, at=at)
    else:
        publishing.tell_held(session, answer, at=at)
    return Replied(answer, text.findings)


def _examine(session: Session, text: Text, by: Actor, at: datetime) -> Held | None:
    """Why a moderator should look first, if they should. Raises Restricted and TooMany."""
    refuse_if_restricted(session, by, at=at)
    if by.user_id is None or by.is_staff:
        return None
    points.taking_part(session, by.user_id, at=at)
    level = standing(session, by, at=at).level
    before = queries.written_before(session, by.user_id, at)
    sent = Sent(
        links=links_in(text.body),
        pictures=len(pictures.keys_in(text.body)),
        before=before.ever,
        last_hour=before.last_hour,
        last_day=before.last_day,
    )
    if is_flood(sent, level):
        raise TooMany
    return held_because(sent, level)


def _written(text: Text, key: str, held: Held | None, by: Actor, at: datetime) -> dict[str, object]:
    return {
        "author_id": by.user_id,
        "author_name": by.name,
        "builder_id": by.builder_id,
        "is_staff": by.is_staff,
        "state": State.HELD if held else State.PUBLISHED,
        "held_because": held or "",
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


def is_open(post: Post, by: Actor | None) -> bool:
    """Whether somebody may write in it."""
    if by is None or not by.may(Permission.TAKE_PART) or post.state != State.PUBLISHED:
        return False
    return post.locked_at is None or by.may(Permission.MODERATE)
