"""One thread: what it begins with, and a page of its replies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    exists,
    false,
    func,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from portal.core.forum import A_PAGE
from portal.forum.models import ANSWERS, HELD, Follow, Position, Post, Reply, State, Version, Vote

_REPLIES: Final = select(
    *(Reply.id, Reply.number, Reply.author_id, Reply.author_name, Reply.is_staff),
    *(Reply.state, Reply.upvote_count, Reply.created_at, Reply.edited_at, Reply.edition),
    *(Reply.removed_at, Reply.removed_by_name, Reply.removed_because, Reply.accepted_at),
    *(Reply.verified_at, Reply.verified_by_name, Reply.became_id, Reply.body_html),
    Reply.builder_id,
)


def post(session: Session, number: int) -> Post | None:
    """Whatever its state; who asks for it sees to that."""
    return session.scalar(select(Post).where(Post.number == number))


def post_by_id(session: Session, post_id: UUID) -> Post | None:
    return session.get(Post, post_id)


def reply(session: Session, reply_id: UUID) -> tuple[Post, Reply] | None:
    """With its thread."""
    found = session.get(Reply, reply_id)
    if found is None:
        return None
    return session.get_one(Post, found.post_id), found


@dataclass(frozen=True, slots=True)
class Shown:
    """Of a page: the replies by their numbers, and what stands at the top of a question, verified
    before accepted."""

    replies: Sequence[Any]
    answers: Sequence[Any] = ()


def replies(session: Session, post_id: UUID, page: int, *, answers: bool = False) -> Shown:
    """Numbers never change: the thousandth page costs what the first does. With the `answers` from
    all pages in the same question."""
    first = (page - 1) * A_PAGE
    within = {"post": post_id, "first": first, "last": first + A_PAGE}
    if not answers:
        return Shown(session.execute(_PAGE, within).all())
    rows = sorted(session.execute(_PAGE_AND_ANSWERS, within), key=lambda row: row.number or 0)
    marked = sorted((row for row in rows if row.is_answer), key=lambda row: row.verified_at is None)
    return Shown([row for row in rows if not row.is_answer], marked)


_HERE: Final = _REPLIES.where(
    Reply.post_id == bindparam("post"),
    Reply.number > bindparam("first"),
    Reply.number <= bindparam("last"),
)
_PAGE: Final = _HERE.order_by(Reply.number)
_PAGE_AND_ANSWERS: Final = union_all(
    _HERE.add_columns(false().label("is_answer")),
    _REPLIES.where(
        Reply.post_id == bindparam("post"), text(ANSWERS), Reply.state == State.PUBLISHED
    ).add_columns(true().label("is_answer")),
)


def readable_replies(session: Session, post_id: UUID, page: int) -> Sequence[Reply]:
    """With their Markdown, for programs."""
    first = (page - 1) * A_PAGE
    within = Reply.post_id == post_id, Reply.number > first, Reply.number <= first + A_PAGE
    rows = select(Reply).where(*within, Reply.state == State.PUBLISHED).order_by(Reply.number)
    return session.scalars(rows).all()


def voted_for(session: Session, user_id: UUID, ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of the post and the replies somebody has voted for."""
    rows = session.execute(_VOTED, {"user": user_id, "keys": list(ids)})
    return frozenset(key for row in rows for key in row if key is not None)


_KEYS: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_VOTED: Final = select(Vote.post_id, Vote.reply_id).where(
    Vote.user_id == bindparam("user"), Vote.post_id.in_(_KEYS) | Vote.reply_id.in_(_KEYS)
)


@dataclass(frozen=True, slots=True)
class Mine:
    """What a thread is to somebody: `read_to` is None for who never opened it."""

    follows: bool = False
    read_to: int | None = None
    held: int = 0  # replies of theirs that wait


def mine(session: Session, user_id: UUID, post_id: UUID) -> Mine:
    return Mine(*session.execute(_MINE, {"user": user_id, "post": post_id}).one())


_USER: Final[BindParameter[Any]] = bindparam("user")
_POST: Final[BindParameter[Any]] = bindparam("post")
_MINE: Final = select(
    exists().where(Follow.user_id == _USER, Follow.post_id == _POST),
    select(Position.read_to)
    .where(Position.user_id == _USER, Position.post_id == _POST)
    .scalar_subquery(),
    select(func.count())
    .where(text(HELD), Reply.post_id == _POST, Reply.author_id == _USER)
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Before:
    """How many posts and replies somebody wrote; `ever` is no more than whether there was one."""

    ever: int
    last_hour: int
    last_day: int


def written_before(session: Session, user_id: UUID, at: datetime) -> Before:
    hour, day = at - timedelta(hours=1), at - timedelta(hours=24)
    counts = [_counted(kind, user_id, since) for since in (hour, day) for kind in (Post, Reply)]
    ever = [exists().where(kind.author_id == user_id) for kind in (Post, Reply)]
    row = session.execute(select(*counts, *ever)).one()
    return Before(int(any(row[4:])), sum(row[:2]), sum(row[2:4]))


def _counted(kind: type[Post | Reply], user_id: UUID, since: datetime) -> ColumnElement[int]:
    within = kind.author_id == user_id, kind.created_at > since
    return select(func.count()).select_from(kind).where(*within).scalar_subquery()


def versions(session: Session, what: Post | Reply) -> Sequence[Version]:
    """What stood there before, the latest first."""
    about = Version.post_id == what.id if isinstance(what, Post) else Version.reply_id == what.id
    return session.scalars(select(Version).where(about).order_by(Version.at.desc())).all()


def titles(session: Session, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Number and title of threads that others lead to."""
    if not ids:
        return {}
    rows = session.execute(select(Post.id, Post.number, Post.title).where(Post.id.in_(ids)))
    return {row.id: row for row in rows}
