"""What follows from each change of an item, whoever made it: its history, what the search knows,
and the ideas that it answers."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation import outbox
from portal.foundation.numbers import next_number
from portal.ideas.models import OPEN, Status
from portal.ideas.service import holding as held_ideas
from portal.ideas.service import statuses
from portal.ideas.service.statuses import Decision
from portal.roadmap.happenings import MOVED
from portal.roadmap.models import RoadmapChange, RoadmapItem, Stage
from portal.roadmap.queries import ideas
from portal.roadmap.service import finding
from portal.roadmap.service.holding import Before, face, texts_of

NUMBERS: Final = "roadmap"
_ORDER: Final = tuple(str(status) for status in Status)
ROOM: Final = "roadmap"  # which tells those who want an idea, where it moves with an item


def follow(
    session: Session,
    item: RoadmapItem,
    before: Before,
    *,
    by: Actor,
    at: datetime,
    version: str = "",
) -> None:
    """`version` is that in which it shipped, if it did."""
    item.edition, item.touched_at = item.edition + 1, at
    is_public, seen = not item.is_internal, face(session, item)
    comes_out = is_public and not before.was_public
    if comes_out:
        item.number = item.number or next_number(session, NUMBERS)
        item.published_at = item.published_at or at
    if comes_out or item.is_internal or seen != before.face:
        item.updated_at = at
    if comes_out or (item.stage, item.quarter) != (before.stage, before.quarter):
        note(session, item, "" if comes_out else before.stage, by=by, at=at)
    _stamp_stage(item, before, at)
    session.flush()
    texts = texts_of(session, item)
    if is_public and (comes_out or seen != before.face):
        finding.tell(session, item, texts, at=at)
    elif before.was_public and not is_public:
        finding.forget(session, texts, at=at)
    if is_public:
        moved = item.stage != before.stage and not comes_out
        carry(session, item, version, back=moved, by=by, at=at)


def note(session: Session, item: RoadmapItem, before: str, *, by: Actor, at: datetime) -> None:
    session.add(
        RoadmapChange(
            item_id=item.id,
            edition=item.edition,
            from_stage=before,
            to_stage=item.stage,
            quarter=item.quarter,
            is_public=not item.is_internal,
            by_id=by.user_id,
            by_name=by.name,
            at=at,
        )
    )


def carry(
    session: Session, item: RoadmapItem, version: str, *, back: bool, by: Actor, at: datetime
) -> None:
    """Open public ideas move where the item stands, `back` only with an item that did; of that
    the roadmap tells, once a person."""
    found = ideas.to_carry(session, item)
    held_ideas.hold(session, *found)
    moved = []
    for idea in found:
        ahead = _ORDER.index(idea.status) > _ORDER.index(item.stage)
        is_open = idea.status in OPEN and idea.merged_into_id is None
        if is_open and idea.status != item.stage and (back or not ahead):
            decision = Decision(Status(item.stage), version=version)
            statuses.decide(session, idea, decision, by=by, at=at, told_by=ROOM)
            moved.append(str(idea.id))
    if moved:
        outbox.record(
            session,
            MOVED,
            at=at,
            builder_id=None,
            item_id=str(item.id),
            stage=str(item.stage),
            ideas=moved,
            by=str(by.user_id or ""),
        )


def _stamp_stage(item: RoadmapItem, before: Before, at: datetime) -> None:
    if item.stage == before.stage:
        return
    item.stage_at = at
    item.shipped_at = at if item.stage == Stage.SHIPPED else None
