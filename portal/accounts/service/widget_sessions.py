"""Open help panels: who sits before one, for a quarter of an hour, by a token that only the panel's
own memory holds."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries
from portal.accounts.models import Membership, WidgetSession
from portal.accounts.service import actors
from portal.core.permissions import Actor, Role, Scope
from portal.foundation.digests import digest_of
from portal.foundation.tenancy import PLATFORM, see

PREFIX: Final = "corbel-panel_"
LASTS: Final = timedelta(minutes=15)
MOST: Final = 1000  # that one turn forgets
OF_MEMBER: Final = frozenset(Scope)
OF_GUEST: Final = frozenset({Scope.READ_HELP, Scope.WRITE_HELP})


@dataclass(frozen=True, slots=True)
class Opened:
    """`plain` goes to the panel, once."""

    plain: str
    sitting: "Sitting"
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """Whoever is before a panel; `visitor` is how their acts are counted, `origin` where the page
    is that it stands on."""

    session_id: UUID
    actor: Actor
    visitor: str
    origin: str

    @property
    def scopes(self) -> frozenset[Scope]:
        return OF_GUEST if self.actor.role is Role.GUEST else OF_MEMBER


def open_for(
    session: Session, membership: Membership, key_id: UUID | None, *, origin: str, at: datetime
) -> Opened:
    """For somebody whom the builder's server vouches for."""
    visitor = digest_of(str(membership.user_id))
    row = _row(visitor, origin, at, membership_id=membership.id, key_id=key_id)
    row.builder_id = membership.builder_id
    return _opened(session, row, actors.actor(membership, None))


def open_for_guest(
    session: Session, builder_id: UUID, guest: str, *, origin: str, at: datetime
) -> Opened:
    """`guest` is the random id that their browser keeps, as a secret."""
    row = _row(digest_of(f"{builder_id} {guest}"), origin, at, membership_id=None, key_id=None)
    row.builder_id = builder_id
    builder = queries.builder(session, builder_id)
    if builder is None:
        raise LookupError(builder_id)
    host = queries.GuestHost(builder.name, builder.slug, builder.locale, builder.zone)
    return _opened(session, row, _guest(builder_id, host))


def sitting(session: Session, plain: str, *, at: datetime) -> Sitting | None:
    """None for a token that is unknown, closed or expired."""
    return sitting_of(session, digest_of(plain), at=at)


def sitting_of(session: Session, digest: str, *, at: datetime) -> Sitting | None:
    """The same by the digest of a token."""
    found = queries.person_of_panel(session, digest)
    if found is not None and found.person is not None:
        return _if_open(found, actors.actor_of(found.person), at)
    guests = queries.panel_of_guest(session, digest)
    if guests is None or guests[0].builder_id is None:
        return None
    return _if_open(guests[0], _guest(guests[0].builder_id, guests[1]), at)


def close(session: Session, session_id: UUID) -> None:
    _delete(session, WidgetSession.id == session_id)


def close_all_as(session: Session, membership_id: UUID) -> None:
    """Nobody sits there as this member any more."""
    _delete(session, WidgetSession.membership_id == membership_id)


def close_all_by(session: Session, key_id: UUID) -> None:
    """Whom the key vouched for."""
    _delete(session, WidgetSession.key_id == key_id)


def forget_expired(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work; how many there were."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        old = select(WidgetSession.id).where(WidgetSession.expires_at < at).limit(MOST)
        gone = session.scalars(
            delete(WidgetSession)
            .where(WidgetSession.id.in_(old))
            .returning(WidgetSession.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(gone)


def _row(
    visitor: str, origin: str, at: datetime, *, membership_id: UUID | None, key_id: UUID | None
) -> WidgetSession:
    return WidgetSession(
        membership_id=membership_id,
        key_id=key_id,
        visitor=visitor,
        origin=origin,
        created_at=at,
        expires_at=at + LASTS,
    )


def _opened(session: Session, row: WidgetSession, actor: Actor) -> Opened:
    plain = PREFIX + secrets.token_urlsafe(32)
    row.digest = digest_of(plain)
    session.add(row)
    session.flush()
    sitting = Sitting(row.id, actor, row.visitor, row.origin)
    return Opened(plain, sitting, row.expires_at)


def _guest(builder_id: UUID, host: queries.GuestHost) -> Actor:
    return Actor(
        role=Role.GUEST,
        builder_id=builder_id,
        locale=host.locale,
        zone=host.zone,
        builder_name=host.name,
        builder_slug=host.slug,
    )


def _if_open(panel: queries.Panel, actor: Actor, at: datetime) -> Sitting | None:
    if panel.expires_at <= at:
        return None
    return Sitting(panel.session_id, actor, panel.visitor, panel.origin)


def _delete(session: Session, which: object) -> None:
    session.execute(
        delete(WidgetSession)
        .where(which)  # type: ignore[arg-type]
        .execution_options(synchronize_session=False)
    )
