"""Which ideas somebody may read: all that are public, and staff the internal ones too. Every exit
asks by this."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest


def readable(actor: Actor | None) -> ColumnElement[bool]:
    if actor is not None and actor.is_staff:
        return true()
    return FeatureRequest.is_internal.is_(False)


def by_number(session: Session, actor: Actor | None, number: int) -> FeatureRequest | None:
    return _one(session, actor, FeatureRequest.number == number)


def by_id(session: Session, actor: Actor | None, key: UUID) -> FeatureRequest | None:
    return _one(session, actor, FeatureRequest.id == key)


def by_ids(session: Session, actor: Actor | None, keys: Sequence[UUID]) -> list[FeatureRequest]:
    """In the order of the keys."""
    rows = session.scalars(
        select(FeatureRequest).where(FeatureRequest.id.in_(keys), readable(actor))
    )
    known = {row.id: row for row in rows}
    return [known[key] for key in keys if key in known]


def _one(
    session: Session, actor: Actor | None, which: ColumnElement[bool]
) -> FeatureRequest | None:
    query = select(FeatureRequest).where(which, readable(actor))
    return session.scalar(query)
