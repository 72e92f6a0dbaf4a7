"""Keys by which a builder's server signs who its user is: made, replaced, taken away."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import audit
from portal.accounts.models import SpentWidgetToken, WidgetKey
from portal.accounts.service import widget_sessions
from portal.core.permissions import Actor
from portal.foundation.digests import digest_of
from portal.foundation.runtime import current_runtime
from portal.foundation.sealing import Unreadable, seal, unseal
from portal.foundation.tenancy import PLATFORM, see

MOST: Final = 1000  # ids that one turn forgets


@dataclass(frozen=True, slots=True)
class NewKey:
    plain: str  # shown once
    key: WidgetKey


def create(session: Session, *, by: Actor, at: datetime) -> NewKey:
    """One more, beside those that count."""
    plain = secrets.token_urlsafe(32)
    key = WidgetKey(
        builder_id=by.builder_id,
        kid=secrets.token_hex(8),
        sealed=seal(current_runtime().sealing_key, plain),
        created_by=by.user_id,
        created_at=at,
    )
    session.add(key)
    session.flush()
    audit.record(session, "widget_key.created", by=by, at=at, about=key.kid)
    return NewKey(plain, key)


def rotate(session: Session, overlap: timedelta, *, by: Actor, at: datetime) -> NewKey:
    """A new one; those before it count for the `overlap` longer, until every server has it."""
    for key in keys_of(session, by.builder_id):
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > at + overlap):
            key.expires_at = at + overlap
    seconds = int(overlap.total_seconds())
    made = create(session, by=by, at=at)
    audit.record(
        session, "widget_key.rotated", by=by, at=at, about=made.key.kid, overlap_seconds=seconds
    )
    return made


def revoke(session: Session, key: WidgetKey, *, by: Actor, at: datetime) -> None:
    """At once: what it signs is believed no more, nor what it has signed."""
    key.revoked_at = key.revoked_at or at
    widget_sessions.close_all_by(session, key.id)
    audit.record(session, "widget_key.revoked", by=by, at=at, about=key.kid)


def keys_of(session: Session, builder_id: UUID | None) -> list[WidgetKey]:
    """All that there ever were, the latest first."""
    rows = select(WidgetKey).where(WidgetKey.builder_id == builder_id)
    return list(session.scalars(rows.order_by(WidgetKey.created_at.desc(), WidgetKey.id.desc())))


def key_of(session: Session, builder_id: UUID | None, key: UUID) -> WidgetKey | None:
    return session.scalar(
        select(WidgetKey).where(WidgetKey.id == key, WidgetKey.builder_id == builder_id)
    )


def counting(session: Session, builder_id: UUID, *, at: datetime) -> Mapping[str, bytes]:
    """What a token may be signed with now, by `kid`, for `widget_tokens.verify`."""
    rows = session.scalars(
        select(WidgetKey).where(
            WidgetKey.builder_id == builder_id,
            WidgetKey.revoked_at.is_(None),
            or_(WidgetKey.expires_at.is_(None), WidgetKey.expires_at > at),
        )
    )
    return {key.kid: plain for key in rows if (plain := _secret(key))}


def _secret(key: WidgetKey) -> bytes:
    """Empty where the installation has another secret key since."""
    try:
        return unseal(current_runtime().sealing_key, key.sealed).encode()
    except Unreadable:
        return b""


def spend(session: Session, builder_id: UUID, jti: str, until: datetime) -> bool:
    """Whether the id of a token was never seen before; remembered for as long as it matters."""
    try:
        with session.begin_nested():
            session.add(
                SpentWidgetToken(builder_id=builder_id, digest=digest_of(jti), expires_at=until)
            )
    except IntegrityError:
        return False
    return True


def forget_spent(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: ids of tokens that have expired are gone; how many were."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        old = select(SpentWidgetToken.id).where(SpentWidgetToken.expires_at < at)
        gone = session.scalars(
            delete(SpentWidgetToken)
            .where(SpentWidgetToken.id.in_(old.limit(MOST)))
            .returning(SpentWidgetToken.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(gone)
