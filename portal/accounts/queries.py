"""Rows of people and sign-ins, each query with all that its page needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import ApiToken, Builder, Login, Membership, SupportAgent, User
from portal.core.permissions import BUILDER_STAFF


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def memberships_of(session: Session, user_id: UUID) -> list[Membership]:
    """Oldest first; the first is the one that a sign-in takes."""
    rows = select(Membership).where(Membership.user_id == user_id).order_by(Membership.id)
    return list(session.scalars(rows.options(joinedload(Membership.builder))))


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, in plain values: every request asks."""

    role: str
    user_id: UUID
    name: str
    email: str
    locale: str
    zone: str
    builder_id: UUID | None
    builder_name: str | None
    builder_slug: str | None
    plan: str | None
    agent_id: UUID | None


_PERSON = (
    Membership.role,
    *(User.id, User.name, User.email, User.locale, User.zone),
    *(Membership.builder_id, Builder.name, Builder.slug, Builder.plan),
    SupportAgent.id,
)


def _people(start: type[Login] | type[ApiToken]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_PERSON)
        .select_from(start)
        .join(Membership, Membership.id == start.membership_id)
        .join(User, User.id == Membership.user_id)
        .outerjoin(Builder, Builder.id == Membership.builder_id)
        .outerjoin(SupportAgent, SupportAgent.user_id == User.id)
        .where(User.disabled_at.is_(None))
    )


_BY_LOGIN = _people(Login).where(Login.id == bindparam("login_id"))
_BY_TOKEN = _people(ApiToken).where(
    ApiToken.digest == bindparam("digest"), ApiToken.revoked_at.is_(None)
)


def person_of_login(session: Session, login_id: UUID) -> Person | None:
    return _person(session, _BY_LOGIN, {"login_id": login_id})


def person_of_token(session: Session, digest: str) -> Person | None:
    return _person(session, _BY_TOKEN, {"digest": digest})


def _person(
    session: Session, query: Select[*tuple[Any, ...]], known: Mapping[str, object]
) -> Person | None:
    """Past the session, which has no objects to keep here."""
    row = session.connection().execute(query, known).one_or_none()
    return None if row is None else Person(*row)


def builder(session: Session, builder_id: UUID) -> Builder | None:
    return session.get(Builder, builder_id)


def builder_by_slug(session: Session, slug: str) -> Builder | None:
    return session.scalar(select(Builder).where(Builder.slug == slug))


def agents(session: Session) -> list[SupportAgent]:
    return list(session.scalars(select(SupportAgent).order_by(SupportAgent.display_name)))


def everybody(session: Session, most: int) -> list[Membership]:
    """The first people there were, with what they are to whom; a demo shows them."""
    rows = select(Membership).order_by(Membership.id).limit(most)
    people = joinedload(Membership.user), joinedload(Membership.builder)
    return list(session.scalars(rows.options(*people)))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a builder's own people."""

    user_id: UUID
    name: str
    role: str


def colleagues(session: Session, builder_id: UUID) -> list[Colleague]:
    """Who may answer at the builder's desk, by name."""
    rows = session.execute(
        select(User.id, User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.builder_id == builder_id,
            Membership.role.in_([role.value for role in BUILDER_STAFF]),
            User.disabled_at.is_(None),
        )
        .order_by(User.name)
    )
    return [Colleague(*row) for row in rows]
