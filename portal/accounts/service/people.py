"""Builders, and who belongs to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Builder, FormerMember, Membership, User
from portal.accounts.service.passwords import hash_password
from portal.core.hostnames import check_slug
from portal.core.permissions import Actor, Role


def person(session: Session, actor: Actor) -> User:
    """Whoever is signed in."""
    return session.get_one(User, actor.user_id)


def by_id(session: Session, user_id: UUID) -> User | None:
    """None for who is disabled, too."""
    found = session.get(User, user_id)
    return found if found is not None and found.disabled_at is None else None


def add_builder(session: Session, slug: str, name: str, plan: str, **details: object) -> Builder:
    """Raises BadSlug for what can't stand in an address."""
    check_slug(slug)
    builder = Builder(slug=slug, name=name, plan=plan, **details)
    session.add(builder)
    session.flush()
    return builder


def add_member(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    builder: Builder | None,
    password: str,
    at: datetime,
    locale: str = "en",
    zone: str = "UTC",
    verified_at: datetime | None = None,
) -> Membership:
    """A person with an account; adds the membership when the address is known already."""
    user = queries.user_by_email(session, email)
    if user is None:
        user = User(
            email=email.strip().lower(),
            email_verified_at=verified_at,
            name=name,
            password_hash=hash_password(password) if password else "",
            locale=locale,
            zone=zone,
            created_at=at,
        )
        session.add(user)
        session.flush()
    return join(session, user, builder, role, at=at)


def join(
    session: Session, user: User, builder: Builder | None, role: Role, *, at: datetime
) -> Membership:
    """Whoever comes back is no former member any more."""
    builder_id = builder.id if builder is not None else None
    session.execute(
        delete(FormerMember)
        .where(FormerMember.user_id == user.id, FormerMember.builder_id == builder_id)
        .execution_options(synchronize_session=False)
    )
    membership = Membership(
        user=user, builder=builder, builder_id=builder_id, role=role, created_at=at
    )
    session.add(membership)
    session.flush()
    return membership
