"""Who comes in on a provider's word, and as what.

The word is worth as much as the domain behind it. An identity is a connection's subject. The first
time it is tied to a person by e-mail address, which the provider must have verified and whose
domain the connection must name: to somebody who belongs to the builder already or, where the
builder has proven that the domain is its own, to somebody new. A sign-in through a builder's
provider is one as a member of that builder and never as anything else that the same person is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Login, Membership, SupportAgent, User
from portal.accounts.oidc import queries
from portal.accounts.oidc.models import (
    COMPANY,
    NEW_ROLES,
    STAFF_OF_PLATFORM,
    Connection,
    Identity,
    ProvidedLogin,
    Spent,
)
from portal.accounts.oidc.provider import Profile
from portal.core.permissions import PORTAL, Actor, Role
from portal.foundation.collisions import refusing
from portal.foundation.digests import digest_of

REMEMBERED: Final = timedelta(hours=1)  # what was spent: longer than anything is good for
AT_PLATFORM: Final = (COMPANY, STAFF_OF_PLATFORM)
AT_PORTAL: Final = (Role.CLIENT.value, Role.VENDOR.value)
TIER: Final = 1  # where a new agent begins


class AdmissionRefused(Exception):
    """`reason`: spent, off, no_email, unverified, domain, invitation, unproven, disabled, left or
    door."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody at the door: of a builder's portal, or of the platform (None)."""

    profile: Profile
    portal: UUID | None
    user_agent: str = ""
    network: str = ""  # from about where


def admit(session: Session, connection: Connection, arrival: Arrival, *, at: datetime) -> Login:
    """Raises AdmissionRefused, also for one of two who come for the first time at once."""
    with refusing(session, AdmissionRefused("spent")):
        return _admitted(session, connection, arrival, at=at)


def _admitted(session: Session, connection: Connection, arrival: Arrival, *, at: datetime) -> Login:
    if connection.enabled_at is None or not queries.is_here(connection, arrival.portal):
        raise AdmissionRefused("off")
    profile = arrival.profile
    identity = queries.identity(session, connection.id, profile.subject)
    if identity is None:
        identity = _linked(session, connection, arrival, at=at)
    if identity.user.disabled_at is not None:
        raise AdmissionRefused("disabled")
    membership = _membership(session, identity.user_id, connection)
    if membership is None:
        raise AdmissionRefused("left")
    _refuse_wrong_door(connection, membership, arrival.portal)
    identity.used_at, identity.email = at, profile.email or identity.email
    login = accounts.begin_login(
        session, membership, at=at, user_agent=arrival.user_agent, network=arrival.network
    )
    provided = ProvidedLogin(
        builder_id=connection.builder_id,
        login_id=login.id,
        identity_id=identity.id,
        provider_session=profile.session,
    )
    session.add(provided)
    session.flush()
    return login


def spend(session: Session, what: str, *, at: datetime) -> None:
    """Good for once, by whomever it is brought. Raises AdmissionRefused."""
    session.execute(delete(Spent).where(Spent.at < at - REMEMBERED))
    with refusing(session, AdmissionRefused("spent")):
        session.add(Spent(digest=digest_of(what), at=at))


def _linked(
    session: Session, connection: Connection, arrival: Arrival, *, at: datetime
) -> Identity:
    """The first time that this subject comes."""
    profile = arrival.profile
    _refuse_weak_word(connection, profile)
    user = people.user_by_email(session, profile.email)
    membership = _membership(session, user.id, connection) if user is not None else None
    if user is None or membership is None:
        membership = _joined(session, connection, arrival, user, at=at)
    elif _belongs_elsewhere(session, user, connection):
        _refuse_unproven(session, connection, profile)
    identity = Identity(
        builder_id=connection.builder_id,
        connection_id=connection.id,
        subject=profile.subject,
        user=membership.user,
        user_id=membership.user_id,
        email=profile.email,
        linked_at=at,
        used_at=at,
    )
    session.add(identity)
    session.flush()
    _tell(session, "sso.linked", connection, membership, at=at)
    return identity


def _refuse_weak_word(connection: Connection, profile: Profile) -> None:
    if not profile.email:
        raise AdmissionRefused("no_email")
    if not profile.email_verified:
        raise AdmissionRefused("unverified")
    if profile.domain not in connection.domains:
        raise AdmissionRefused("domain")


def _refuse_unproven(session: Session, connection: Connection, profile: Profile) -> None:
    """A builder's provider could name anybody's address: where a person has more to lose than what
    the builder gave them, it must be the builder's own."""
    if not _proven(session, connection, profile):
        raise AdmissionRefused("unproven")


def _joined(
    session: Session,
    connection: Connection,
    arrival: Arrival,
    user: User | None,
    *,
    at: datetime,
) -> Membership:
    """Somebody new to the builder, whether or not they are known elsewhere."""
    role = role_of_new(connection, arrival.profile, arrival.portal)
    if role is None or not _proven(session, connection, arrival.profile):
        raise AdmissionRefused("invitation")
    if user is not None and user.disabled_at is not None:
        raise AdmissionRefused("disabled")
    membership = _added(session, connection, arrival.profile, role, at=at)
    if role is Role.AGENT:
        _make_agent(session, membership.user)
    _tell(session, "sso.joined", connection, membership, at=at)
    return membership


def _added(
    session: Session, connection: Connection, profile: Profile, role: Role, *, at: datetime
) -> Membership:
    builder = connection.builder
    usual = builder.locale if builder is not None else accounts.LOCALES[0]
    return accounts.add_member(
        session,
        email=profile.email,
        name=profile.name or profile.email.partition("@")[0],
        role=role,
        builder=builder,
        password="",
        at=at,
        locale=profile.locale if profile.locale in accounts.LOCALES else usual,
        zone=builder.zone if builder is not None else "UTC",
    )


def role_of_new(connection: Connection, profile: Profile, portal: UUID | None) -> Role | None:
    """What the provider's groups say they are, else what everybody new is; None: nobody comes."""
    door = AT_PLATFORM if portal is None else AT_PORTAL
    audiences = [audience for audience in door if audience in connection.audiences]
    allowed = [role for audience in audiences for role in NEW_ROLES[audience]]
    named = [connection.roles[value] for value in profile.values if value in connection.roles]
    usual = connection.role if portal is None else connection.portal_role
    return next((Role(name) for name in (*named, usual) if name in allowed), None)


def _proven(session: Session, connection: Connection, profile: Profile) -> bool:
    """Of its own staff's domains the platform is the judge by naming them."""
    if connection.builder_id is None:
        return True
    return queries.is_proven(session, connection.builder_id, profile.domain)


def _belongs_elsewhere(session: Session, user: User, connection: Connection) -> bool:
    found = queries.memberships(session, user.id)
    return any(one.builder_id != connection.builder_id for one in found)


def _membership(session: Session, user_id: UUID, connection: Connection) -> Membership | None:
    found = queries.memberships(session, user_id)
    return next((one for one in found if one.builder_id == connection.builder_id), None)


def _refuse_wrong_door(connection: Connection, membership: Membership, portal: UUID | None) -> None:
    at_portal = membership.role in PORTAL
    if at_portal != (portal is not None) or not connection.is_for(membership.role):
        raise AdmissionRefused("door")


def _make_agent(session: Session, user: User) -> None:
    if all(agent.user_id != user.id for agent in people.agents(session)):
        session.add(SupportAgent(user_id=user.id, display_name=user.name[:100], tier=TIER))


def _tell(
    session: Session, act: str, connection: Connection, membership: Membership, *, at: datetime
) -> None:
    user = membership.user
    by = Actor(
        role=Role(membership.role),
        user_id=user.id,
        builder_id=connection.builder_id,
        name=user.name,
        email=user.email,
    )
    audit.record(session, act, by=by, at=at, about=user.email, connection=connection.name)
