"""What waits for moderators, with all that was said about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import GRANTS, Permission
from portal.forum.models import HELD, UNSETTLED, Flag, Post, Reply

MOST: Final = 50
T = TypeVar("T", Post, Reply)


@dataclass(frozen=True, slots=True)
class Case:
    """`what` is the post itself, or a reply in it; `flags` the oldest first."""

    post: Post
    what: Post | Reply
    flags: Sequence[Flag]

    @property
    def is_post(self) -> bool:
        return isinstance(self.what, Post)


def cases(session: Session) -> list[Case]:
    """Who has waited longest first."""
    rows = select(Flag).where(text(UNSETTLED)).order_by(Flag.at, Flag.id).limit(MOST)
    by_thing: dict[UUID, list[Flag]] = {}
    for flag in session.scalars(rows):
        by_thing.setdefault(flag.post_id or flag.reply_id or flag.id, []).append(flag)
    replies = {one.id: one for one in session.scalars(_among(Reply, by_thing))}
    keys = {*by_thing, *(one.post_id for one in replies.values())}
    posts = {one.id: one for one in session.scalars(_among(Post, keys))}
    return [_case(key, flags, posts, replies) for key, flags in by_thing.items()]


def _among(kind: type[T], keys: Iterable[UUID]) -> Select[T]:
    return select(kind).where(kind.id.in_(list(keys)))


def _case(
    key: UUID, flags: Sequence[Flag], posts: dict[UUID, Post], replies: dict[UUID, Reply]
) -> Case:
    if key in replies:
        reply = replies[key]
        return Case(posts[reply.post_id], reply, flags)
    return Case(posts[key], posts[key], flags)


def held(session: Session) -> list[Case]:
    """What was written and nobody has read yet, the oldest first."""
    posts = list(session.scalars(_held(Post)))
    replies = list(session.scalars(_held(Reply)))
    threads = {one.id: one for one in session.scalars(_among(Post, [r.post_id for r in replies]))}
    found = [Case(one, one, ()) for one in posts]
    found += [Case(threads[one.post_id], one, ()) for one in replies]
    return sorted(found, key=lambda case: case.what.created_at)


def _held(kind: type[T]) -> Select[T]:
    return select(kind).where(text(HELD)).order_by(kind.created_at, kind.id).limit(MOST)


def waiting(session: Session) -> int:
    """For moderators: what is held, and what was reported."""
    counts = [
        select(func.count()).select_from(kind).where(text(those)).scalar_subquery()
        for kind, those in ((Flag, UNSETTLED), (Post, HELD), (Reply, HELD))
    ]
    return sum(session.execute(select(*counts)).one())


def flag(session: Session, flag_id: UUID) -> Flag | None:
    return session.get(Flag, flag_id)


def moderators(session: Session) -> list[UUID]:
    """The platform's people who may keep order."""
    roles = [role.value for role, grants in GRANTS.items() if Permission.MODERATE in grants]
    rows = (
        select(Membership.user_id)
        .join(User)
        .where(
            Membership.builder_id.is_(None), Membership.role.in_(roles), User.disabled_at.is_(None)
        )
    )
    return list(session.scalars(rows.order_by(Membership.user_id)))
