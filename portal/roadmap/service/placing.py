"""Where items stand: in a stage, a quarter, and a place among those that are there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.core.quarters import quarter_of
from portal.roadmap.models import RoadmapItem, Stage
from portal.roadmap.queries import items
from portal.roadmap.service.changing import follow
from portal.roadmap.service.holding import hold, named


class Where(StrEnum):
    FIRST = "first"
    LAST = "last"
    UP = "up"
    DOWN = "down"
    BEFORE = "before"  # another item


@dataclass(frozen=True, slots=True)
class Place:
    """`before` is the key of the item that it stands before, for Where.BEFORE."""

    stage: Stage
    quarter: str
    where: Where = Where.LAST
    before: UUID | None = None


def move(
    session: Session, item: RoadmapItem, place: Place, seen: int, *, by: Actor, at: datetime
) -> None:
    """Raises Conflict, Removed."""
    by.require(Permission.RUN_ROADMAP)
    before = hold(session, item, seen)
    _put(session, item, place)
    if (before.stage, before.quarter) == (item.stage, item.quarter):
        item.edition += 1
        session.flush()
        return
    follow(session, item, before, by=by, at=at)
    _record(session, item, by, at)


def ship(
    session: Session, item: RoadmapItem, release_version: str, *, by: Actor, at: datetime
) -> None:
    """It is there, in this quarter and version. What is shipped stays as it is; raises Removed."""
    by.require(Permission.RUN_ROADMAP)
    before = hold(session, item)
    if item.stage == Stage.SHIPPED:
        return
    _put(session, item, Place(Stage.SHIPPED, quarter_of(at), Where.FIRST))
    follow(session, item, before, by=by, at=at, version=release_version)
    _record(session, item, by, at)


def last_place(session: Session, stage: str, quarter: str) -> int:
    there = items.group(session, stage, quarter)
    return there[-1].position + 1 if there else 0


def _put(session: Session, item: RoadmapItem, place: Place) -> None:
    """Positions are the same for internal items and public ones, and nobody is told them."""
    there = items.group(session, place.stage, place.quarter)
    index = next((n for n, one in enumerate(there) if one.id == item.id), len(there))
    others = [one for one in there if one.id != item.id]
    others.insert(_index(place, index, others), item)
    item.stage, item.quarter = place.stage, place.quarter
    for position, one in enumerate(others):
        one.position = position
    session.flush()


def _index(place: Place, now: int, others: list[RoadmapItem]) -> int:
    match place.where:
        case Where.FIRST:
            return 0
        case Where.UP:
            return max(now - 1, 0)
        case Where.DOWN:
            return min(now + 1, len(others))
        case Where.BEFORE:
            found = (n for n, one in enumerate(others) if one.id == place.before)
            return next(found, len(others))
        case Where.LAST:
            return len(others)


def _record(session: Session, item: RoadmapItem, by: Actor, at: datetime) -> None:
    audit.record(
        session,
        "roadmap.moved",
        by=by,
        at=at,
        about=named(session, item),
        stage=str(item.stage),
        quarter=item.quarter,
    )
