"""Which versions of a pack are known, and which emergency windows a builder has."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.foundation.paging import Cursor, Page
from portal.policy.models import EmergencyWindow, PolicyVersion


def version_of(session: Session, pack: str, digest: str) -> PolicyVersion | None:
    return session.scalar(
        select(PolicyVersion).where(PolicyVersion.pack == pack, PolicyVersion.digest == digest)
    )


_VERSION_ID = select(PolicyVersion.id).where(  # put together once: every new ticket asks it
    PolicyVersion.pack == bindparam("pack"), PolicyVersion.digest == bindparam("digest")
)


def version_id_of(session: Session, pack: str, digest: str) -> UUID | None:
    known = {"pack": pack, "digest": digest}
    found: UUID | None = session.connection().scalar(_VERSION_ID, known)
    return found


_WINDOWS = (  # put together once: the page of every ticket that waits for its answer asks it
    select(EmergencyWindow)
    .where(
        EmergencyWindow.builder_id == bindparam("whose"),
        EmergencyWindow.ends_at > bindparam("since"),
    )
    .order_by(EmergencyWindow.starts_at)
)


def windows_of(session: Session, builder_id: UUID, *, since: datetime) -> Sequence[EmergencyWindow]:
    """The builder's windows that end after `since`, the earliest first, cancelled ones too."""
    return session.scalars(_WINDOWS, {"whose": builder_id, "since": since}).all()


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


def windows_page(
    session: Session, cursor: Cursor | None, limit: int = 25
) -> Page[tuple[EmergencyWindow, Builder]]:
    """Everybody's windows, the latest first."""
    query = select(EmergencyWindow, Builder).join(Builder, Builder.id == EmergencyWindow.builder_id)
    if cursor is not None:
        place = tuple_(EmergencyWindow.starts_at, EmergencyWindow.id)
        query = query.where(place < (cursor.at, cursor.id))
    found = session.execute(
        query.order_by(EmergencyWindow.starts_at.desc(), EmergencyWindow.id.desc()).limit(limit + 1)
    ).all()
    items = [(row[0], row[1]) for row in found[:limit]]
    more = len(found) > limit
    return Page(items, Cursor(items[-1][0].starts_at, items[-1][0].id) if more else None)


def window_with_builder(session: Session, key: UUID) -> tuple[EmergencyWindow, Builder] | None:
    row = session.execute(
        select(EmergencyWindow, Builder)
        .join(Builder, Builder.id == EmergencyWindow.builder_id)
        .where(EmergencyWindow.id == key)
    ).first()
    return None if row is None else (row[0], row[1])


def builders_on(session: Session, plans: Collection[str], most: int = 200) -> list[Builder]:
    """Builders of these plans, by name."""
    query = select(Builder).where(Builder.plan.in_(plans)).order_by(Builder.name).limit(most)
    return list(session.scalars(query))
