"""Rows of people and sign-ins, each query with all that its page needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from portal.accounts.models import (
    ApiToken,
    Builder,
    Login,
    Membership,
    SupportAgent,
    User,
    WidgetSession,
)
from portal.core.permissions import BUILDER_STAFF, PORTAL, Actor


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


def _people(
    start: type[Login] | type[ApiToken] | type[WidgetSession],
    *more: ColumnElement[Any] | InstrumentedAttribute[Any],
) -> Select[*tuple[Any, ...]]:
    return (
        select(*more, *_PERSON)
        .select_from(start)
        .join(Membership, Membership.id == start.membership_id)
        .join(User, User.id == Membership.user_id)
        .outerjoin(Builder, Builder.id == Membership.builder_id)
        .outerjoin(SupportAgent, SupportAgent.user_id == User.id)
        .where(User.disabled_at.is_(None))
    )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser, and who sits at it."""

    login_id: UUID
    created_at: datetime
    last_seen_at: datetime | None
    second_factor_at: datetime | None
    elsewhere: bool  # whether the person is something else as well, but at a portal
    person: Person

    @property
    def seen_at(self) -> datetime:
        return self.last_seen_at or self.created_at


@dataclass(frozen=True, slots=True)
class Program:
    """A token, and whose it is."""

    token_id: UUID
    scopes: Sequence[str]
    last_used_at: datetime | None
    expires_at: datetime | None
    person: Person


@dataclass(frozen=True, slots=True)
class Panel:
    """An open help panel, and who sits before it; a guest is nobody known."""

    session_id: UUID
    visitor: str
    origin: str
    expires_at: datetime
    builder_id: UUID | None
    person: Person | None


@dataclass(frozen=True, slots=True)
class GuestHost:
    """The builder on whose page a guest is."""

    name: str
    slug: str
    locale: str
    zone: str


_OTHER = aliased(Membership)
_ELSEWHERE = exists().where(
    _OTHER.user_id == User.id, _OTHER.id != Membership.id, _OTHER.role.not_in(sorted(PORTAL))
)
_LOGIN = (Login.id, Login.created_at, Login.last_seen_at, Login.second_factor_at, _ELSEWHERE)
_TOKEN = (ApiToken.id, ApiToken.scopes, ApiToken.last_used_at, ApiToken.expires_at)
_PANEL = (
    *(WidgetSession.id, WidgetSession.visitor, WidgetSession.origin, WidgetSession.expires_at),
    WidgetSession.builder_id,
)
_BY_PANEL = _people(WidgetSession, *_PANEL).where(WidgetSession.digest == bindparam("digest"))
_BY_GUESTS_PANEL: Select[*tuple[Any, ...]] = (
    select(*_PANEL, Builder.name, Builder.slug, Builder.locale, Builder.zone)
    .join(Builder, Builder.id == WidgetSession.builder_id)
    .where(WidgetSession.digest == bindparam("digest"), WidgetSession.membership_id.is_(None))
)
_BY_LOGIN = _people(Login, *_LOGIN).where(Login.id == bindparam("login_id"))
_BY_TOKEN = _people(ApiToken, *_TOKEN).where(
    ApiToken.digest == bindparam("digest"), ApiToken.revoked_at.is_(None)
)


def person_of_login(session: Session, login_id: UUID) -> SignedIn | None:
    """Past the session, which has no objects to keep here."""
    row = session.connection().execute(_BY_LOGIN, {"login_id": login_id}).one_or_none()
    if row is None:
        return None
    return SignedIn(row[0], row[1], row[2], row[3], row[4], Person(*row[len(_LOGIN) :]))


def person_of_token(session: Session, digest: str) -> Program | None:
    """Whether it has expired is for whoever knows the time."""
    row = session.connection().execute(_BY_TOKEN, {"digest": digest}).one_or_none()
    if row is None:
        return None
    return Program(row[0], row[1], row[2], row[3], Person(*row[len(_TOKEN) :]))


def person_of_panel(session: Session, digest: str) -> Panel | None:
    """Not of a guest's. Whether it has expired is for whoever knows the time."""
    row = session.connection().execute(_BY_PANEL, {"digest": digest}).one_or_none()
    if row is None:
        return None
    return Panel(row[0], row[1], row[2], row[3], row[4], Person(*row[len(_PANEL) :]))


def panel_of_guest(session: Session, digest: str) -> tuple[Panel, GuestHost] | None:
    row = session.connection().execute(_BY_GUESTS_PANEL, {"digest": digest}).one_or_none()
    if row is None:
        return None
    name, slug, locale, zone = row[len(_PANEL) :]
    panel = Panel(row[0], row[1], row[2], row[3], row[4], None)
    return panel, GuestHost(name, slug, locale, zone)


def logins_of(session: Session, user_id: UUID) -> list[Login]:
    """Where the person is signed in, the latest seen first."""
    seen = func.coalesce(Login.last_seen_at, Login.created_at)
    return list(
        session.scalars(
            select(Login).where(Login.user_id == user_id).order_by(seen.desc(), Login.id.desc())
        )
    )


def login_of(session: Session, user_id: UUID, login_id: UUID) -> Login | None:
    return session.scalar(select(Login).where(Login.id == login_id, Login.user_id == user_id))


def membership_of(session: Session, actor: Actor) -> Membership:
    """What the actor is, as whom they act."""
    return session.scalars(
        select(Membership).where(
            Membership.user_id == actor.user_id, Membership.builder_id == actor.builder_id
        )
    ).one()


def tokens_of(session: Session, membership_id: UUID) -> list[ApiToken]:
    """Those that were not revoked, the latest first."""
    rows = select(ApiToken).where(
        ApiToken.membership_id == membership_id, ApiToken.revoked_at.is_(None)
    )
    return list(session.scalars(rows.order_by(ApiToken.id.desc())))


def builder(session: Session, builder_id: UUID) -> Builder | None:
    return session.get(Builder, builder_id)


def builder_by_slug(session: Session, slug: str) -> Builder | None:
    return session.scalar(select(Builder).where(Builder.slug == slug))


def agents(session: Session) -> list[SupportAgent]:
    return list(session.scalars(select(SupportAgent).order_by(SupportAgent.display_name)))


def everybody(session: Session, most: int, portal: UUID | None) -> list[Membership]:
    """The first people there were, each with what they were first; a demo shows them. At a `portal`
    only those who sign in there."""
    rows = select(Membership).order_by(Membership.id).limit(most)
    if portal is not None:
        rows = rows.where(Membership.builder_id == portal, Membership.role.in_(sorted(PORTAL)))
    people = joinedload(Membership.user), joinedload(Membership.builder)
    firsts: dict[UUID, Membership] = {}
    for membership in session.scalars(rows.options(*people)):
        firsts.setdefault(membership.user_id, membership)
    return list(firsts.values())


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
