"""New items and their words, who may read them, and that they go and come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.foundation.markup import render
from portal.ideas.models import FeatureRequest
from portal.roadmap.models import TITLE_LONGEST, RoadmapIdea, RoadmapItem, RoadmapText, Stage
from portal.roadmap.queries import items
from portal.roadmap.service import finding
from portal.roadmap.service.changing import follow, note
from portal.roadmap.service.holding import hold, named, texts_of
from portal.roadmap.service.placing import last_place
from portal.roadmap.service.refusals import NoWords
from portal.writing.service.masking import masked


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    description: str = ""  # Markdown


@dataclass(frozen=True, slots=True)
class Plan:
    """What an item says, by language, and of what."""

    texts: Mapping[str, Words]
    stage: Stage = Stage.PLANNED
    quarter: str = ""
    module: str = ""
    ideas: Sequence[FeatureRequest] = field(default_factory=list)
    release_id: UUID | None = None


def add(session: Session, plan: Plan, *, by: Actor, at: datetime) -> RoadmapItem:
    """Internal, until it is published. Raises NoWords."""
    by.require(Permission.RUN_ROADMAP)
    item = RoadmapItem(
        stage=plan.stage,
        stage_at=at,
        quarter=plan.quarter,
        is_internal=True,
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=at,
        updated_at=at,
        touched_at=at,
        shipped_at=at if plan.stage is Stage.SHIPPED else None,
        position=last_place(session, plan.stage, plan.quarter),
        edition=1,
    )
    session.add(item)
    session.flush()
    _write(session, item, plan, at)
    note(session, item, "", by=by, at=at)
    session.flush()
    audit.record(session, "roadmap.added", by=by, at=at, about=named(session, item))
    return item


def edit(
    session: Session, item: RoadmapItem, plan: Plan, seen: int, *, by: Actor, at: datetime
) -> None:
    """Raises Conflict, Removed, NoWords."""
    by.require(Permission.RUN_ROADMAP)
    before = hold(session, item, seen)
    if (plan.stage, plan.quarter) != (item.stage, item.quarter):
        item.position = last_place(session, plan.stage, plan.quarter)
    item.stage, item.quarter = plan.stage, plan.quarter
    _write(session, item, plan, at)
    follow(session, item, before, by=by, at=at)
    audit.record(session, "roadmap.edited", by=by, at=at, about=named(session, item))


def publish(session: Session, item: RoadmapItem, seen: int, *, by: Actor, at: datetime) -> None:
    """Everybody reads it from here on. Raises Conflict, Removed."""
    by.require(Permission.RUN_ROADMAP)
    before = hold(session, item, seen)
    item.is_internal = False
    follow(session, item, before, by=by, at=at)
    audit.record(session, "roadmap.published", by=by, at=at, about=named(session, item))


def withdraw(session: Session, item: RoadmapItem, *, by: Actor, at: datetime) -> None:
    """It is internal again, at once and everywhere; its number waits for it. Raises Removed."""
    by.require(Permission.RUN_ROADMAP)
    before = hold(session, item)
    item.is_internal = True
    follow(session, item, before, by=by, at=at)
    audit.record(session, "roadmap.withdrawn", by=by, at=at, about=named(session, item))


def remove(session: Session, item: RoadmapItem, *, by: Actor, at: datetime) -> None:
    """Raises Removed."""
    by.require(Permission.RUN_ROADMAP)
    hold(session, item)
    item.removed_at, item.edition = at, item.edition + 1
    finding.forget(session, texts_of(session, item), at=at)
    audit.record(session, "roadmap.removed", by=by, at=at, about=named(session, item))


def restore(session: Session, item: RoadmapItem, *, by: Actor, at: datetime) -> None:
    """As it was when it went; twice changes nothing more."""
    by.require(Permission.RUN_ROADMAP)
    if item.removed_at is None:
        return
    item.removed_at, item.touched_at, item.edition = None, at, item.edition + 1
    item.position = last_place(session, item.stage, item.quarter)
    session.flush()
    if not item.is_internal:
        finding.tell(session, item, texts_of(session, item), at=at)
    audit.record(session, "roadmap.restored", by=by, at=at, about=named(session, item))


def confirm(session: Session, item: RoadmapItem, *, by: Actor, at: datetime) -> None:
    """Somebody has looked, and it still holds. Raises Removed."""
    by.require(Permission.RUN_ROADMAP)
    hold(session, item)
    item.touched_at = at
    session.flush()


def _write(session: Session, item: RoadmapItem, plan: Plan, at: datetime) -> None:
    item.module, item.release_id = plan.module, plan.release_id
    _write_texts(session, item, plan.texts, at)
    _link(session, item, plan.ideas)
    session.flush()


def _write_texts(
    session: Session, item: RoadmapItem, wanted: Mapping[str, Words], at: datetime
) -> None:
    known, said = texts_of(session, item), {key: one for key, one in wanted.items() if one.title}
    if not said:
        raise NoWords
    for language, words in said.items():
        text = known.get(language) or RoadmapText(item_id=item.id, language=language)
        text.title = masked(" ".join(words.title.split())).text[:TITLE_LONGEST]
        text.description = masked(words.description.strip()).text
        text.description_html = str(render(text.description))
        session.add(text)
    gone = {language: text for language, text in known.items() if language not in said}
    if not item.is_internal:
        finding.forget(session, gone, at=at)
    for text in gone.values():
        session.delete(text)


def _link(session: Session, item: RoadmapItem, ideas: Sequence[FeatureRequest]) -> None:
    wanted = {idea.merged_into_id or idea.id for idea in ideas}
    for link in items.links(session, item.id):
        if link.request_id in wanted:
            wanted.discard(link.request_id)
        else:
            session.delete(link)
    session.add_all(RoadmapIdea(item_id=item.id, request_id=key) for key in sorted(wanted))
