"""Signing in and out, tokens, and the preferences of a person."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import ApiToken, Builder, Login, Membership, SupportAgent, User
from portal.accounts.oidc import queries as sign_on
from portal.core.permissions import PORTAL, Actor, Role
from portal.foundation.tenancy import PLATFORM, seeing

LOCALES = ("en", "es")
TOKEN_PREFIX = "corbel_"  # noqa: S105
_hasher = PasswordHasher()  # argon2id with the library's current parameters
# verified against when the address is unknown, so that both cases take as long
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class SignInRefused(ValueError):
    """Address or password is wrong; which of them is never said."""


class SignOnDemanded(SignInRefused):
    """The company lets these people in through its own provider only; `connection` is its name."""

    def __init__(self, connection: str) -> None:
        super().__init__(connection)
        self.connection = connection


class UnknownAccount(ValueError):
    """No active account has the address."""


@dataclass(frozen=True, slots=True)
class NewToken:
    plain: str  # shown once
    token: ApiToken


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def sign_in(
    session: Session,
    email: str,
    password: str,
    *,
    at: datetime,
    portal: UUID | None = None,
    user_agent: str = "",
) -> Login:
    user = queries.user_by_email(session, email)
    if not _password_fits(user, password) or user is None or user.disabled_at is not None:
        raise SignInRefused
    return start_login(session, user.id, at=at, portal=portal, user_agent=user_agent)


def start_login(
    session: Session,
    user_id: UUID,
    *,
    at: datetime,
    portal: UUID | None = None,
    user_agent: str = "",
) -> Login:
    """A signed-in browser, once the person has proven who they are, at the platform or at the
    `portal` of a builder. Raises SignInRefused for who has no business there, and SignOnDemanded
    for whom the company sends to its own provider."""
    membership = _taken_up(queries.memberships_of(session, user_id), portal)
    if membership is None:
        raise SignInRefused
    _refuse_where_another_way_is_demanded(session, membership)
    return begin_login(session, membership, at=at, user_agent=user_agent)


def _refuse_where_another_way_is_demanded(session: Session, membership: Membership) -> None:
    with seeing(session, PLATFORM):  # whoever comes is nobody yet
        connection = sign_on.demanded(session, membership)
    if connection is not None:
        raise SignOnDemanded(connection.name)


def begin_login(
    session: Session, membership: Membership, *, at: datetime, user_agent: str = ""
) -> Login:
    """As that member, whoever vouched for them."""
    login = Login(
        user_id=membership.user_id,
        membership_id=membership.id,
        created_at=at,
        user_agent=user_agent[:300],
    )
    session.add(login)
    session.flush()
    return login


def _taken_up(memberships: Sequence[Membership], portal: UUID | None) -> Membership | None:
    """As what somebody comes in. Whoever is known at portals alone has taken the wrong door when
    they come to the platform, and is shown to their own."""
    for membership in memberships:
        if portal == (membership.builder_id if membership.role in PORTAL else None):
            return membership
    return memberships[0] if memberships and portal is None else None


def _password_fits(user: User | None, password: str) -> bool:
    expected = user.password_hash if user is not None and user.password_hash else _NOBODY
    try:
        return _hasher.verify(expected, password) and expected is not _NOBODY
    except (VerificationError, InvalidHashError):
        return False


def sign_out(session: Session, login_id: UUID) -> None:
    login = session.get(Login, login_id)
    if login is not None:
        session.delete(login)


def actor_of_login(session: Session, login_id: UUID) -> Actor | None:
    return _actor_of(queries.person_of_login(session, login_id))


def known_actor_of_login(session: Session, login_id: UUID) -> Actor:
    """Of a sign-in that was made just now."""
    found = actor_of_login(session, login_id)
    if found is None:
        raise SignInRefused
    return found


def actor_of_token(session: Session, plain: str) -> Actor | None:
    return _actor_of(queries.person_of_token(session, _digest(plain)))


def _actor_of(person: queries.Person | None) -> Actor | None:
    return None if person is None else _actor(person)


def _actor(person: queries.Person) -> Actor:
    return Actor(
        role=Role(person.role),
        user_id=person.user_id,
        builder_id=person.builder_id,
        agent_id=person.agent_id if person.builder_id is None else None,
        name=person.name,
        email=person.email,
        locale=person.locale,
        zone=person.zone,
        builder_name=person.builder_name or "",
        builder_slug=person.builder_slug or "",
        plan=person.plan or "",
    )


def actor(membership: Membership, agent: SupportAgent | None) -> Actor:
    user, builder = membership.user, membership.builder
    return _actor(
        queries.Person(
            role=membership.role,
            user_id=user.id,
            name=user.name,
            email=user.email,
            locale=user.locale,
            zone=user.zone,
            builder_id=membership.builder_id,
            builder_name=None if builder is None else builder.name,
            builder_slug=None if builder is None else builder.slug,
            plan=None if builder is None else builder.plan,
            agent_id=None if agent is None else agent.id,
        )
    )


def create_token(session: Session, email: str, name: str, *, at: datetime) -> NewToken:
    user = queries.user_by_email(session, email)
    memberships = queries.memberships_of(session, user.id) if user is not None else []
    if user is None or user.disabled_at is not None or not memberships:
        raise UnknownAccount(f"no active account has the address {email}")
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        membership_id=memberships[0].id,
        builder_id=memberships[0].builder_id,
        name=name[:80],
        digest=_digest(plain),
        created_at=at,
    )
    session.add(token)
    session.flush()
    return NewToken(plain, token)


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def set_preferences(session: Session, user_id: UUID, *, locale: str, zone: str) -> None:
    if locale not in LOCALES:
        raise ValueError(f"{locale!r} is not a language we speak: {', '.join(LOCALES)}")
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is not a time zone; pick one such as America/Chicago")
    user = session.get_one(User, user_id)
    user.locale, user.zone = locale, zone


def set_locale(session: Session, user_id: UUID, locale: str) -> None:
    user = session.get_one(User, user_id)
    set_preferences(session, user_id, locale=locale, zone=user.zone)


def add_builder(session: Session, slug: str, name: str, plan: str, **details: object) -> Builder:
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
) -> Membership:
    """A person with an account; adds the membership when the address is known already."""
    user = queries.user_by_email(session, email)
    if user is None:
        user = User(
            email=email.strip().lower(),
            name=name,
            password_hash=hash_password(password) if password else "",
            locale=locale,
            zone=zone,
            created_at=at,
        )
        session.add(user)
        session.flush()
    membership = Membership(
        user=user, builder=builder, builder_id=builder and builder.id, role=role, created_at=at
    )
    session.add(membership)
    session.flush()
    return membership
