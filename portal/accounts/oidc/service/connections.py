"""Connections to identity providers, as those who run a company or the platform keep them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.oidc import queries
from portal.accounts.oidc.models import (
    COMPANY,
    DEFAULT_SCOPES,
    NEW_ROLES,
    STAFF_OF_PLATFORM,
    Connection,
)
from portal.accounts.oidc.provider import Provider
from portal.accounts.oidc.service import domains
from portal.accounts.service import sessions
from portal.core.permissions import Actor, Role
from portal.core.public_addresses import may_be_asked
from portal.foundation.sealing import seal, unseal

MOST: Final = 10  # connections of a builder
OF_A_BUILDER: Final = (COMPANY, Role.CLIENT.value, Role.VENDOR.value)
OF_THE_PLATFORM: Final = (STAFF_OF_PLATFORM,)


class ConnectionRefused(ValueError):
    """`field` is what is wrong with the connection, `reason` why, `about` which part of it."""

    def __init__(self, field: str, reason: str, about: str = "") -> None:
        super().__init__(f"{field}: {reason} {about}".strip())
        self.field = field
        self.reason = reason
        self.about = about


class ChangedMeanwhile(RuntimeError):
    """Somebody else has saved since the page was opened. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A connection as it was typed in. An empty secret leaves the one that is kept."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: str = DEFAULT_SCOPES
    domains: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    role: str = ""
    portal_role: str = ""
    claim: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    enforced: bool = False


@dataclass(frozen=True, slots=True)
class Safe:
    """What secrets are sealed with, and whether providers may stand on this machine."""

    key: bytes = field(repr=False)
    loopback: bool = False


def audiences_of(builder_id: UUID | None) -> tuple[str, ...]:
    return OF_THE_PLATFORM if builder_id is None else OF_A_BUILDER


def new_roles(audiences: tuple[str, ...]) -> set[str]:
    return {role.value for audience in audiences for role in NEW_ROLES[audience]}


def create(session: Session, draft: Draft, safe: Safe, *, by: Actor, at: datetime) -> Connection:
    """Raises ConnectionRefused."""
    if len(queries.connections(session, by.builder_id)) >= MOST:
        raise ConnectionRefused("name", "too_many")
    if not draft.client_secret:
        raise ConnectionRefused("client_secret", "missing")
    connection = Connection(builder_id=by.builder_id, created_at=at, changed_at=at)
    _write(session, connection, draft, safe, at=at)
    session.add(connection)
    session.flush()
    _tell(session, "sso.created", connection, by=by, at=at, issuer=draft.issuer)
    return connection


def change(
    session: Session,
    connection: Connection,
    draft: Draft,
    safe: Safe,
    *,
    seen: int,
    by: Actor,
    at: datetime,
) -> None:
    """`seen` is the version that was edited. Raises ChangedMeanwhile or ConnectionRefused. Another
    issuer or client is another key ring: its secret has to be given with it, so that nobody sends
    the kept one to a provider of their own."""
    session.refresh(connection, with_for_update=True)  # of two at once the second waits here
    if connection.version != seen:
        raise ChangedMeanwhile
    moved = (draft.issuer, draft.client_id) != (connection.issuer, connection.client_id)
    if moved and not draft.client_secret:
        raise ConnectionRefused("client_secret", "moved")
    before = _shown(connection)
    if draft.issuer != connection.issuer:
        _forget_people(session, connection, at=at)
    _write(session, connection, draft, safe, at=at)
    connection.version += 1
    after = _shown(connection)
    changed = {key: after[key] for key in after if after[key] != before[key]}
    _tell(
        session,
        "sso.saved",
        connection,
        by=by,
        at=at,
        changed=changed,
        secret_replaced=bool(draft.client_secret),
    )


def enable(session: Session, connection: Connection, *, by: Actor, at: datetime) -> None:
    connection.enabled_at = connection.enabled_at or at
    _tell(session, "sso.enabled", connection, by=by, at=at, enforced=connection.enforced)


def disable(session: Session, connection: Connection, *, by: Actor, at: datetime) -> None:
    """Whom it let in stays in; nobody else comes."""
    connection.enabled_at = None
    _tell(session, "sso.disabled", connection, by=by, at=at)


def remove(session: Session, connection: Connection, *, by: Actor, at: datetime) -> None:
    """Whom it let in is signed out; the people and what they wrote stay."""
    _sign_out(session, connection, at=at)
    _tell(session, "sso.removed", connection, by=by, at=at, issuer=connection.issuer)
    session.delete(connection)
    session.flush()


def provider_of(connection: Connection, safe: Safe) -> Provider:
    """Raises Unreadable."""
    return Provider(
        issuer=connection.issuer,
        client_id=connection.client_id,
        client_secret=unseal(safe.key, connection.sealed_secret),
        scopes=connection.scopes,
        claim=connection.claim,
        loopback=safe.loopback,
    )


def _write(
    session: Session, connection: Connection, draft: Draft, safe: Safe, *, at: datetime
) -> None:
    if not may_be_asked(draft.issuer, loopback=safe.loopback):
        raise ConnectionRefused("issuer", "address")
    _refuse_strange_roles(draft, connection.builder_id)
    names = domains.clean(draft.domains)
    connection.name, connection.issuer = draft.name, draft.issuer
    connection.client_id, connection.scopes = draft.client_id, _scopes(draft.scopes)
    connection.audiences, connection.domains = list(draft.audiences), names
    connection.role, connection.portal_role = draft.role, draft.portal_role
    connection.claim, connection.roles = draft.claim, dict(draft.roles)
    connection.enforced, connection.changed_at = draft.enforced, at
    if draft.client_secret:
        connection.sealed_secret = seal(safe.key, draft.client_secret)
    if connection.builder_id is not None:
        domains.ask(session, connection.builder_id, names, at=at)


def _refuse_strange_roles(draft: Draft, builder_id: UUID | None) -> None:
    if not draft.audiences or not set(draft.audiences) <= set(audiences_of(builder_id)):
        raise ConnectionRefused("audiences", "missing")
    allowed = new_roles(draft.audiences)
    for field_name, role in (("role", draft.role), ("portal_role", draft.portal_role)):
        if role and role not in allowed:
            raise ConnectionRefused(field_name, "not_for_them")
    for value, role in draft.roles.items():
        if role not in allowed:
            raise ConnectionRefused("roles", "not_for_them", f"{value} = {role}")
    if draft.roles and not draft.claim:
        raise ConnectionRefused("claim", "missing")


def _scopes(typed: str) -> str:
    """`openid` is what makes it OpenID Connect."""
    return " ".join(dict.fromkeys(["openid", *typed.split()]))


def _sign_out(session: Session, connection: Connection, *, at: datetime) -> None:
    sessions.end(session, [one.id for one in queries.logins_through(session, connection.id)], at=at)


def _forget_people(session: Session, connection: Connection, *, at: datetime) -> None:
    """A subject means somebody to one issuer only."""
    _sign_out(session, connection, at=at)
    for known in queries.identities(session, connection.id):
        session.delete(known)
    session.flush()


def _shown(connection: Connection) -> dict[str, Any]:
    """What the log may say of it: all but the secret."""
    names = "name issuer client_id scopes domains audiences role portal_role claim roles enforced"
    return {name: getattr(connection, name) for name in names.split()}


def _tell(
    session: Session, act: str, connection: Connection, *, by: Actor, at: datetime, **facts: Any
) -> None:
    audit.record(session, act, by=by, at=at, about=connection.name, **facts)
