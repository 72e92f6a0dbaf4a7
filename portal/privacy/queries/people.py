"""Who is concerned: people of a company, as those who answer for its data may know of them."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership, User
from portal.core.permissions import Actor


def member_in_reach(session: Session, actor: Actor, membership_id: UUID) -> Membership | None:
    """A person of the actor's company; for the platform's staff anybody."""
    query = select(Membership).where(Membership.id == membership_id)
    if actor.builder_id is not None:
        query = query.where(Membership.builder_id == actor.builder_id)
    return session.scalar(
        query.options(joinedload(Membership.user), joinedload(Membership.builder))
    )


def own_membership(session: Session, actor: Actor) -> Membership | None:
    """As what the actor is here."""
    return session.scalar(
        select(Membership)
        .where(Membership.user_id == actor.user_id, Membership.builder_id == actor.builder_id)
        .options(joinedload(Membership.user), joinedload(Membership.builder))
    )


def other_memberships(session: Session, membership: Membership) -> int:
    """In how many other companies the person is."""
    others = select(func.count()).where(
        Membership.user_id == membership.user_id, Membership.id != membership.id
    )
    return session.scalar(others) or 0


def other_owners(session: Session, membership: Membership) -> int:
    """Who could go on running the company: active owners beside this one."""
    others = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.builder_id == membership.builder_id,
            Membership.role == membership.role,
            Membership.id != membership.id,
            User.disabled_at.is_(None),
        )
    )
    return session.scalar(others) or 0
