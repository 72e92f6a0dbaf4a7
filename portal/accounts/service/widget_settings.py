"""Where a builder's help button may stand, and whether it helps those whom nobody vouches for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.accounts.models import WidgetSession, WidgetSettings
from portal.core.permissions import Actor
from portal.foundation.collisions import refusing

MOST: Final = 20  # origins of one builder


class ChangedMeanwhile(RuntimeError):
    """Somebody else saved other settings since these were shown."""


@dataclass(frozen=True, slots=True)
class Where:
    """`origins` are normalised; `version` is that of what was saved, 0 before anything was."""

    origins: Sequence[str] = ()
    guests_allowed: bool = False
    version: int = 0


def of(session: Session, builder_id: UUID | None) -> Where:
    row = _row(session, builder_id)
    return Where() if row is None else Where(tuple(row.origins), row.guests_allowed, row.version)


def save(session: Session, wanted: Where, *, by: Actor, at: datetime) -> None:
    """Panels that are open where none may be any more are closed. Raises ChangedMeanwhile."""
    row = _row(session, by.builder_id)
    if (0 if row is None else row.version) != wanted.version:
        raise ChangedMeanwhile
    row = row or WidgetSettings(builder_id=by.builder_id)
    with refusing(session, ChangedMeanwhile(), (StaleDataError, IntegrityError)):
        row.origins, row.guests_allowed = list(wanted.origins), wanted.guests_allowed
        row.updated_at = at
        session.add(row)
    _close(session, wanted, by)
    audit.record(
        session,
        "widget.saved",
        by=by,
        at=at,
        about=", ".join(wanted.origins),
        guests="yes" if wanted.guests_allowed else "no",
    )


def _close(session: Session, wanted: Where, by: Actor) -> None:
    gone = delete(WidgetSession).where(WidgetSession.builder_id == by.builder_id)
    gone = gone.execution_options(synchronize_session=False)
    session.execute(gone.where(WidgetSession.origin.not_in(wanted.origins)))
    if not wanted.guests_allowed:
        session.execute(gone.where(WidgetSession.membership_id.is_(None)))


def _row(session: Session, builder_id: UUID | None) -> WidgetSettings | None:
    return session.scalar(select(WidgetSettings).where(WidgetSettings.builder_id == builder_id))
