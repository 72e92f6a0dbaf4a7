"""Which items somebody may read: everybody what is public; staff who see plans all, where they ask
for it. Every exit asks by this."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.roadmap.models import RoadmapItem

# in the terms of the partial index, or SQLite does not use it
PUBLIC = text("roadmap_items.is_internal = false AND roadmap_items.removed_at IS NULL")


def sees_plans(actor: Actor | None) -> bool:
    return actor is not None and actor.may(Permission.SEE_PLANS)


def readable(*, inside: bool) -> "ColumnElement[bool]":
    """`inside`: for staff who see plans."""
    return RoadmapItem.removed_at.is_(None) if inside else PUBLIC  # type: ignore[return-value]


def by_number(session: Session, number: int) -> RoadmapItem | None:
    return session.scalar(select(RoadmapItem).where(RoadmapItem.number == number, PUBLIC))


def by_key(session: Session, key: UUID) -> RoadmapItem | None:
    """For staff: also what was removed."""
    return session.get(RoadmapItem, key)
