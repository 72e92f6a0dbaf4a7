"""First steps in a module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.guidance.models import Dismissal, Orientation
from portal.guidance.queries import orientations as queries
from portal.guidance.service import marks
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.service.saving import saving


@dataclass(frozen=True, slots=True)
class TourWords:
    """`steps` are {"target": key of a field or "", "texts": {language: {"title", "text"}}}."""

    module: str
    steps: Sequence[dict[str, Any]]
    is_published: bool = False


def add(session: Session, words: TourWords, *, by: Actor, at: datetime) -> Orientation:
    """Raises KeyTaken where the module has one."""
    by.require(Permission.MANAGE_GUIDANCE)
    if queries.orientation_of(session, words.module) is not None:
        raise KeyTaken(words.module)
    tour = Orientation()
    _write(session, tour, words, at)
    audit.record(session, "orientation.added", by=by, at=at, about=words.module)
    return tour


def save(
    session: Session, tour: Orientation, words: TourWords, *, seen: int, by: Actor, at: datetime
) -> None:
    """Who has dismissed it is not bothered again. Raises ChangedMeanwhile and KeyTaken."""
    by.require(Permission.MANAGE_GUIDANCE)
    if tour.version != seen:
        raise ChangedMeanwhile
    other = queries.orientation_of(session, words.module)
    if other is not None and other is not tour:
        raise KeyTaken(words.module)
    _write(session, tour, words, at)
    audit.record(session, "orientation.saved", by=by, at=at, about=words.module)


def show_again(session: Session, tour: Orientation, *, by: Actor, at: datetime) -> None:
    """To everybody, whatever they have dismissed."""
    by.require(Permission.MANAGE_GUIDANCE)
    tour.edition, tour.updated_at = tour.edition + 1, at
    session.flush()
    marks.renew(session)
    audit.record(session, "orientation.shown_again", by=by, at=at, about=tour.module)


def remove(session: Session, tour: Orientation, *, by: Actor, at: datetime) -> None:
    by.require(Permission.MANAGE_GUIDANCE)
    session.execute(delete(Dismissal).where(Dismissal.orientation_id == tour.id))
    session.delete(tour)
    session.flush()
    marks.renew(session)
    audit.record(session, "orientation.removed", by=by, at=at, about=tour.module)


def _write(session: Session, tour: Orientation, words: TourWords, at: datetime) -> None:
    with saving(session, tour, words.module):
        tour.module, tour.steps = words.module, list(words.steps)
        tour.is_published, tour.updated_at = words.is_published, at
