"""Which versions of a pack are known, and which emergency windows a builder has."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.policy.models import EmergencyWindow, PolicyVersion


def version_of(session: Session, pack: str, digest: str) -> PolicyVersion | None:
    return session.scalar(
        select(PolicyVersion).where(PolicyVersion.pack == pack, PolicyVersion.digest == digest)
    )


def windows_of(session: Session, builder_id: UUID, *, since: datetime) -> Sequence[EmergencyWindow]:
    """The builder's windows that end after `since`, the earliest first, cancelled ones too."""
    return session.scalars(
        select(EmergencyWindow)
        .where(EmergencyWindow.builder_id == builder_id, EmergencyWindow.ends_at > since)
        .order_by(EmergencyWindow.starts_at)
    ).all()


def overlapping(
    session: Session, builder_id: UUID, starts_at: datetime, ends_at: datetime
) -> EmergencyWindow | None:
    """A window of the builder, not cancelled before it could, that shares time with the span."""
    return session.scalar(
        select(EmergencyWindow)
        .where(
            EmergencyWindow.builder_id == builder_id,
            EmergencyWindow.starts_at < ends_at,
            EmergencyWindow.ends_at > starts_at,
            or_(
                EmergencyWindow.cancelled_at.is_(None),
                EmergencyWindow.cancelled_at > starts_at,
            ),
        )
        .limit(1)
    )
