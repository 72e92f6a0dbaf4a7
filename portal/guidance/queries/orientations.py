"""Orientations, and who does not want to see them again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.foundation.tenancy import read_rows
from portal.guidance.models import Dismissal, Orientation


def orientations(session: Session) -> Sequence[Orientation]:
    return session.scalars(select(Orientation).order_by(Orientation.module)).all()


def orientation(session: Session, key: UUID) -> Orientation | None:
    return session.get(Orientation, key)


def orientation_of(session: Session, module: str) -> Orientation | None:
    return session.scalar(select(Orientation).where(Orientation.module == module))


def dismissal(session: Session, user_id: UUID, orientation_id: UUID) -> Dismissal | None:
    return session.scalar(
        select(Dismissal).where(
            Dismissal.user_id == user_id, Dismissal.orientation_id == orientation_id
        )
    )


_EDITION = select(Dismissal.edition).where(
    Dismissal.user_id == bindparam("user"), Dismissal.orientation_id == bindparam("orientation")
)


def edition_dismissed(session: Session, user_id: UUID, orientation_id: UUID) -> int:
    """0: none yet."""
    found = read_rows(session, _EDITION, {"user": user_id, "orientation": orientation_id})
    return found.scalar() or 0
