"""One at a time: whoever changes an item holds its row until the commit, and knows what everybody
saw of it before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.roadmap.models import RoadmapItem, RoadmapText
from portal.roadmap.queries import ideas, items
from portal.roadmap.service.refusals import Conflict, Removed

HELD = {"of": RoadmapItem, "key_share": True}  # links may point at it meanwhile


@dataclass(frozen=True, slots=True)
class Before:
    """`face` is what its page shows."""

    stage: str
    quarter: str
    was_public: bool
    face: tuple[Any, ...]


def hold(session: Session, item: RoadmapItem, seen: int | None = None) -> Before:
    """`seen` is the edition that somebody has before them. Raises Conflict, Removed."""
    session.flush()
    session.refresh(item, with_for_update=HELD)
    if item.removed_at is not None:
        raise Removed
    if seen is not None and item.edition != seen:
        raise Conflict
    return Before(item.stage, item.quarter, not item.is_internal, face(session, item))


def face(session: Session, item: RoadmapItem) -> tuple[Any, ...]:
    """All that others see of it but how many want it; so that what is internal changes no date."""
    words = [
        (text.language, text.title, text.description)
        for text in sorted(texts_of(session, item).values(), key=lambda text: text.language)
    ]
    linked = sorted(str(idea.id) for idea in ideas.public_of(session, item.id))
    return (item.stage, item.quarter, item.module, item.release_id, *words, *linked)


def texts_of(session: Session, item: RoadmapItem) -> Mapping[str, RoadmapText]:
    session.flush()
    return items.texts(session, [item.id]).get(item.id, {})


def named(session: Session, item: RoadmapItem) -> str:
    """For the audit log."""
    title = items.said(texts_of(session, item), "en").title
    return f"#{item.number} {title}" if item.number else title
