"""Who is concerned: people of a company, as those who answer for its data may know of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import FormerMember, Membership, User
from portal.core.permissions import Actor
from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page
from portal.foundation.tenancy import looking_past

PAGE_ROWS = 25
Concerned = Membership | FormerMember
"""Of somebody who belongs to a company, or did: a key, a person, a role, and the company."""


def in_reach(session: Session, actor: Actor, key: UUID) -> Concerned | None:
    """A person of the actor's company, also one who was removed; for the platform's staff
    anybody."""
    return _in_reach(session, actor, Membership, key) or _in_reach(
        session, actor, FormerMember, key
    )


def _in_reach(session: Session, actor: Actor, kind: Any, key: UUID) -> Concerned | None:
    query = select(kind).where(kind.id == key)
    if actor.builder_id is not None:
        query = query.where(kind.builder_id == actor.builder_id)
    found: Concerned | None = session.scalar(
        query.options(joinedload(kind.user), joinedload(kind.builder))
    )
    return found


def former_members(
    session: Session, actor: Actor, search: str, cursor: Cursor | None
) -> Page[FormerMember]:
    """Of the actor's company, or of the platform's own staff: who left last first, `search` within
    name or address."""
    query = (
        select(FormerMember)
        .join(FormerMember.user)
        .where(FormerMember.builder_id == actor.builder_id)
        .options(joinedload(FormerMember.user))
    )
    if search:
        within = (column.icontains(search, autoescape=True) for column in (User.name, User.email))
        query = query.where(or_(*within))
    order = (FormerMember.left_at, FormerMember.id)
    return newest_first(session, query, order, cursor, PAGE_ROWS)


def own_membership(session: Session, actor: Actor) -> Membership | None:
    """As what the actor is here."""
    return session.scalar(
        select(Membership)
        .where(Membership.user_id == actor.user_id, Membership.builder_id == actor.builder_id)
        .options(joinedload(Membership.user), joinedload(Membership.builder))
    )


def known_elsewhere(session: Session, member: Concerned) -> bool:
    """Whether another company has the person, or had: there they are not forgotten."""
    with looking_past(session) as connection:
        return any(
            connection.scalar(
                select(kind.id).where(kind.user_id == member.user_id, kind.id != member.id).limit(1)
            )
            for kind in (Membership, FormerMember)
        )


def other_owners(session: Session, member: Concerned) -> int:
    """Who could go on running the company: active owners beside this one."""
    others = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.builder_id == member.builder_id,
            Membership.role == member.role,
            Membership.id != member.id,
            User.disabled_at.is_(None),
        )
    )
    return session.scalar(others) or 0
