"""Whether a builder's name stands beside what its people write, and what its portal shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.community.models import CommunitySettings
from portal.core.permissions import Actor, Permission
from portal.foundation.collisions import refusing


class ChangedMeanwhile(RuntimeError):
    """Somebody else saved other settings since these were shown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`version` is that of what was saved, 0 before anything was."""

    shows_name: bool = True
    portal_reads: bool = True
    version: int = 0


def of(session: Session, builder_id: UUID | None) -> Choice:
    row = _row(session, builder_id)
    return Choice() if row is None else Choice(row.shows_name, row.portal_reads, row.version)


def save(session: Session, wanted: Choice, *, by: Actor, at: datetime) -> None:
    """Raises ChangedMeanwhile."""
    by.require(Permission.MANAGE_COMMUNITY)
    row = _row(session, by.builder_id)
    if (0 if row is None else row.version) != wanted.version:
        raise ChangedMeanwhile
    row = row or CommunitySettings(builder_id=by.builder_id)
    with refusing(session, ChangedMeanwhile(), (StaleDataError, IntegrityError)):
        row.shows_name, row.portal_reads = wanted.shows_name, wanted.portal_reads
        row.updated_at = at
        session.add(row)
    audit.record(
        session,
        "community.saved",
        by=by,
        at=at,
        shows_name="yes" if wanted.shows_name else "no",
        portal_reads="yes" if wanted.portal_reads else "no",
    )


def _row(session: Session, builder_id: UUID | None) -> CommunitySettings | None:
    return session.scalar(
        select(CommunitySettings).where(CommunitySettings.builder_id == builder_id)
    )
