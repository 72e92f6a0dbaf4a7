"""Ideas that items answer. One that was merged counts as what it was merged into, and once; an
internal one is there for staff alone, and its votes count for nobody."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.ideas.models import OPEN, FeatureRequest
from portal.roadmap.models import RoadmapIdea, RoadmapItem, RoadmapText
from portal.roadmap.queries.reach import PUBLIC

FOUND: Final = 8
_LINKED = aliased(FeatureRequest)
_STAYS = aliased(FeatureRequest)
_SHOWN = (
    _STAYS.id, _STAYS.number, _STAYS.title, _STAYS.language, _STAYS.status, _STAYS.vote_count,
    _STAYS.is_internal,
    and_(_STAYS.status.in_(OPEN), _STAYS.merged_into_id.is_(None)).label("takes_votes"),
)  # fmt: skip


def _of(items: Collection[UUID], *what: Any, inside: bool) -> Select[Any]:
    query = (
        select(RoadmapIdea.item_id, *what)
        .join(_LINKED, _LINKED.id == RoadmapIdea.request_id)
        .join(_STAYS, _STAYS.id == func.coalesce(_LINKED.merged_into_id, _LINKED.id))
        .where(RoadmapIdea.item_id.in_(items))
    )
    if inside:
        return query
    return query.where(_LINKED.is_internal.is_(False), _STAYS.is_internal.is_(False))


def of_items(
    session: Session, items: Collection[UUID], *, inside: bool
) -> dict[UUID, list[FeatureRequest]]:
    """The most wanted first; plain rows, to be shown."""
    rows = session.execute(_of(items, *_SHOWN, inside=inside)).all()
    found: dict[UUID, dict[UUID, Any]] = {}
    for row in rows:
        found.setdefault(row.item_id, {})[row.id] = row
    return {item_id: _most_wanted_first(ideas.values()) for item_id, ideas in found.items()}


def state(session: Session, items: Collection[UUID]) -> Hashable:
    """Another one whenever other ideas answer these, or are wanted by more."""
    query = _of(items, _STAYS.number, _STAYS.vote_count, inside=False)
    return frozenset(tuple(row) for row in session.execute(query))


def public_of(session: Session, item_id: UUID) -> list[FeatureRequest]:
    """To be acted upon."""
    rows = session.execute(_of([item_id], _STAYS, inside=False)).all()
    return _most_wanted_first({idea.id: idea for _item_id, idea in rows}.values())


def _most_wanted_first(ideas: Iterable[FeatureRequest]) -> list[FeatureRequest]:
    return sorted(ideas, key=lambda idea: (-idea.vote_count, idea.number))


def votes(ideas: Sequence[FeatureRequest]) -> int:
    return sum(idea.vote_count for idea in ideas if not idea.is_internal)


def to_carry(session: Session, item: RoadmapItem) -> list[FeatureRequest]:
    """Public ones that are open, and stand elsewhere than the item."""
    return [
        idea
        for idea in public_of(session, item.id)
        if idea.status in OPEN and idea.status != item.stage
    ]


def still_public(session: Session, ideas: Collection[UUID]) -> Sequence[UUID]:
    """Of these, as they stand after merging."""
    stays = func.coalesce(FeatureRequest.merged_into_id, FeatureRequest.id)
    query = select(stays).where(FeatureRequest.id.in_(ideas), FeatureRequest.is_internal.is_(False))
    return session.scalars(query.distinct()).all()


def by_numbers(session: Session, numbers: Collection[int]) -> Sequence[FeatureRequest]:
    """For those who run the roadmap."""
    query = select(FeatureRequest).where(FeatureRequest.number.in_(numbers))
    return session.scalars(query.order_by(FeatureRequest.number)).all()


def found(session: Session, words: str) -> Sequence[FeatureRequest]:
    """By number or by words of the title, the most wanted first; for those who run the roadmap."""
    asked = words.strip().removeprefix("#")
    query = select(FeatureRequest).where(FeatureRequest.merged_into_id.is_(None))
    if asked.isdecimal() and len(asked) < 10:
        query = query.where(FeatureRequest.number == int(asked))
    else:
        for word in asked.split():
            query = query.where(FeatureRequest.title.icontains(word, autoescape=True))
    order = FeatureRequest.vote_count.desc(), FeatureRequest.id.desc()
    return session.scalars(query.order_by(*order).limit(FOUND)).all()


@dataclass(frozen=True, slots=True)
class Answering:
    """An item that answers an idea, for the idea's page."""

    item: RoadmapItem
    texts: dict[str, RoadmapText]


def answering(session: Session, request_id: UUID, *, inside: bool) -> list[Answering]:
    """Items that an idea, or one that was merged into it, is linked to."""
    merged = select(FeatureRequest.id).where(FeatureRequest.merged_into_id == request_id)
    links = select(RoadmapIdea.item_id).where(
        (RoadmapIdea.request_id == request_id) | RoadmapIdea.request_id.in_(merged)
    )
    query = (
        select(RoadmapItem, RoadmapText)
        .join(RoadmapText, RoadmapText.item_id == RoadmapItem.id)
        .where(RoadmapItem.id.in_(links))
        .where(RoadmapItem.removed_at.is_(None) if inside else PUBLIC)
        .order_by(RoadmapItem.stage, RoadmapItem.id)
    )
    found: dict[UUID, Answering] = {}
    for item, text in session.execute(query).all():
        found.setdefault(item.id, Answering(item, {})).texts[text.language] = text
    return list(found.values())
