"""Who hears of what is written."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import STAFF
from portal.forum.models import Follow, Post, Reply


def followers_of_thread(
    session: Session, post_id: UUID, after: UUID | None, most: int
) -> list[UUID]:
    """In the order of their keys, from one on."""
    return _some(session, Follow.post_id == post_id, after, most)


def followers_of_category(
    session: Session, category: str, after: UUID | None, most: int
) -> list[UUID]:
    return _some(session, Follow.category == category, after, most)


def _some(session: Session, about: object, after: UUID | None, most: int) -> list[UUID]:
    rows = select(Follow.user_id).where(about)  # type: ignore[arg-type]
    if after is not None:
        rows = rows.where(Follow.user_id > after)
    return list(session.scalars(rows.order_by(Follow.user_id).limit(most)))


def called(session: Session, handles: Collection[str], post: Post) -> list[UUID]:
    """Those who are called by name: who wrote in this thread, and the platform's people. A name is
    written without blanks, "@Olive.Archer" or "@Olive" where nobody else here is called so."""
    if not handles:
        return []
    wanted = {handle.casefold() for handle in handles}
    here = select(Reply.author_id).where(Reply.post_id == post.id)
    roles = [role.value for role in STAFF]
    people = session.execute(
        select(User.id, User.name)
        .where(
            User.disabled_at.is_(None),
            User.id.in_(here)
            | (User.id == post.author_id)
            | User.id.in_(
                select(Membership.user_id).where(
                    Membership.builder_id.is_(None), Membership.role.in_(roles)
                )
            ),
        )
        .order_by(User.id)
    )
    by_handle: dict[str, set[UUID]] = {}
    for key, name in people:
        for handle in handles_of(name):
            by_handle.setdefault(handle, set()).add(key)
    alone = [by_handle[one] for one in wanted if len(by_handle.get(one, ())) == 1]
    return sorted({key for found in alone for key in found})


def handles_of(name: str) -> list[str]:
    """ "Olive Archer" is @olive.archer and, where that is enough, @olive."""
    words = name.casefold().split()
    return [".".join(words), words[0]] if words else []
