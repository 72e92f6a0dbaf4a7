"""Whom a builder's server lets into its help panel, and as what.

Its word is worth as much as its own company: it makes somebody a member there and nothing else, by
their e-mail address. What the same person is to another builder, or to the platform, is not the
builder's to give. Who runs the company is decided here and never by a token.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts import audit, queries, widget_tokens
from portal.accounts.models import Builder, FormerMember, Membership, User, WidgetKey
from portal.accounts.queries import team as team_queries
from portal.accounts.service import people, team, widget_keys, widget_sessions
from portal.accounts.service.preferences import LOCALES
from portal.accounts.service.widget_sessions import Opened
from portal.accounts.service.widget_settings import Where
from portal.accounts.widget_tokens import Identity, Refused
from portal.core.addresses import is_address
from portal.core.permissions import IN_CHARGE, STAFF, Actor, Role
from portal.foundation.collisions import refusing

LONGEST_NAME: Final = 120
VOUCHED: Final = frozenset({Role.PM, Role.FIELD, Role.CLIENT, Role.VENDOR})
GUESTS: Final = (20, 100)  # characters of the random id of a guest's browser


class NotAdmitted(Exception):
    """`reason`: one of a token's (`widget_tokens.Reason`), or origin, guests, guest, email, role,
    staff, disabled, removed or again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What the builder's server said of its user."""

    email: str
    name: str
    role: Role | None  # None: nothing was said
    locale: str


def by_token(
    session: Session, builder: Builder, where: Where, token: str, *, origin: str, at: datetime
) -> Opened:
    """Raises NotAdmitted, also for one of two who come for the first time at once."""
    _refuse_origin(where, origin)
    identity = _verified(session, builder, token, at, partial(_spend, session, builder.id))
    claims = claims_of(identity)
    with refusing(session, NotAdmitted("again"), (IntegrityError,)):
        membership = _membership(session, builder, claims, at=at)
    key = session.scalars(select(WidgetKey.id).where(WidgetKey.kid == identity.kid)).one()
    return widget_sessions.open_for(session, membership, key, origin=origin, at=at)


def as_guest(
    session: Session, builder: Builder, where: Where, guest: str, *, origin: str, at: datetime
) -> Opened:
    """Raises NotAdmitted."""
    _refuse_origin(where, origin)
    if not where.guests_allowed:
        raise NotAdmitted("guests")
    if not GUESTS[0] <= len(guest) <= GUESTS[1]:
        raise NotAdmitted("guest")
    return widget_sessions.open_for_guest(session, builder.id, guest, origin=origin, at=at)


def tried(session: Session, builder: Builder, token: str, *, at: datetime) -> Claims:
    """What would come of a token, without using it up or letting anybody in. Raises NotAdmitted."""
    claims = claims_of(_verified(session, builder, token, at, lambda _jti, _until: True))
    user = queries.user_by_email(session, claims.email)
    if user is not None:
        _refuse_person(session, user, builder)
    known = team_queries.member_with(session, claims.email, builder.id)
    role_for(claims, Role(known.role) if known is not None else None)
    return claims


def claims_of(identity: Identity) -> Claims:
    """Raises NotAdmitted."""
    said: Mapping[str, Any] = identity.claims
    email = said.get("email")
    if not isinstance(email, str) or not is_address(email.strip().lower()):
        raise NotAdmitted("email")
    named, spoken = said.get("name"), said.get("locale")
    name = " ".join(named.split())[:LONGEST_NAME] if isinstance(named, str) else ""
    language = spoken.partition("-")[0].lower() if isinstance(spoken, str) else ""
    return Claims(
        email=email.strip().lower(),
        name=name or email.strip().partition("@")[0],
        role=_role(said.get("role")),
        locale=language if language in LOCALES else "",
    )


def role_for(claims: Claims, known: Role | None) -> Role:
    """What somebody is from now on: `known` is what they were. Raises NotAdmitted."""
    if known in IN_CHARGE:
        return known
    if claims.role is None and known is not None:
        return known
    if claims.role not in VOUCHED:
        raise NotAdmitted("role")
    return claims.role


def _verified(
    session: Session,
    builder: Builder,
    token: str,
    at: datetime,
    first_use: widget_tokens.FirstUse,
) -> Identity:
    keys = widget_keys.counting(session, builder.id, at=at)
    try:
        return widget_tokens.verify(
            token, keys=keys, builder=builder.slug, at=at, first_use=first_use
        )
    except Refused as refused:
        raise NotAdmitted(refused.reason) from refused


def _spend(session: Session, builder_id: UUID, jti: str, until: datetime) -> bool:
    """Remembered for as long as some clock of ours may still be behind."""
    kept = until + timedelta(minutes=1)
    return widget_keys.spend(session, builder_id, jti, kept)


def _refuse_origin(where: Where, origin: str) -> None:
    if origin not in where.origins:
        raise NotAdmitted("origin")


def _role(said: object) -> Role | None:
    if said is None:
        return None
    try:
        return Role(str(said))
    except ValueError:
        raise NotAdmitted("role") from None


def _membership(session: Session, builder: Builder, claims: Claims, *, at: datetime) -> Membership:
    user = queries.user_by_email(session, claims.email)
    if user is not None:
        _refuse_person(session, user, builder)
    known = team_queries.member_with(session, claims.email, builder.id)
    role = role_for(claims, Role(known.role) if known is not None else None)
    if known is None:
        return _joined(session, builder, claims, role, at=at)
    if role != known.role:
        _follow(session, known, role, at=at)
    return known


def _refuse_person(session: Session, user: User, builder: Builder) -> None:
    """Who was removed comes back by an invitation alone; staff sign in at the platform."""
    if user.disabled_at is not None:
        raise NotAdmitted("disabled")
    if any(one.role in STAFF for one in queries.memberships_of(session, user.id)):
        raise NotAdmitted("staff")
    gone = select(FormerMember.id).where(
        FormerMember.user_id == user.id, FormerMember.builder_id == builder.id
    )
    if session.scalar(gone) is not None:
        raise NotAdmitted("removed")


def _joined(
    session: Session, builder: Builder, claims: Claims, role: Role, *, at: datetime
) -> Membership:
    membership = people.add_member(
        session,
        email=claims.email,
        name=claims.name,
        role=role,
        builder=builder,
        password="",
        at=at,
        locale=claims.locale or builder.locale,
        zone=builder.zone,
    )
    _tell(session, "widget.joined", membership, at, {"role": role.value})
    return membership


def _follow(session: Session, membership: Membership, role: Role, *, at: datetime) -> None:
    """The builder's server has the last word on what its people are, but for who is in charge."""
    former = membership.role
    team.become(session, membership, role, at=at)
    _tell(session, "widget.role_changed", membership, at, {"former": former, "role": role.value})


def _tell(
    session: Session, act: str, membership: Membership, at: datetime, facts: Mapping[str, Any]
) -> None:
    user = membership.user
    by = Actor(
        role=Role(membership.role),
        user_id=user.id,
        builder_id=membership.builder_id,
        name=user.name,
        email=user.email,
    )
    audit.record(session, act, by=by, at=at, about=user.email, **facts)
