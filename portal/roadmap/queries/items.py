"""The roadmap as it is shown: items with their words and how many builders want them."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.ideas.models import FeatureRequest
from portal.roadmap.models import RoadmapChange, RoadmapIdea, RoadmapItem, RoadmapText, Stage
from portal.roadmap.queries import ideas as wanted
from portal.roadmap.queries import releases
from portal.roadmap.queries.reach import readable

MOST: Final = 100  # of a stage: a roadmap that is longer says nothing, and shipped ones grow
REMOVED_SHOWN: Final = 10
_ITEMS: Final[Select[*tuple[Any, ...]]] = select(
    *(RoadmapItem.id, RoadmapItem.number, RoadmapItem.stage, RoadmapItem.quarter),
    *(RoadmapItem.module, RoadmapItem.is_internal, RoadmapItem.release_id, RoadmapItem.edition),
    *(RoadmapItem.published_at, RoadmapItem.updated_at, RoadmapItem.touched_at),
    RoadmapItem.removed_at,
)
_STATE: Final[Select[*tuple[Any, ...]]] = select(
    *(RoadmapItem.id, RoadmapItem.edition, RoadmapItem.updated_at, RoadmapItem.position),
    RoadmapItem.release_id,
)
_TEXTS: Final[Select[*tuple[Any, ...]]] = select(
    *(RoadmapText.item_id, RoadmapText.language, RoadmapText.title),
    *(RoadmapText.description, RoadmapText.description_html),
)


def said(texts: Mapping[str, RoadmapText], language: str) -> RoadmapText:
    """In the language, or in another."""
    for code in (language, *LOCALES):
        if code in texts:
            return texts[code]
    return next(iter(texts.values()))


@dataclass(frozen=True, slots=True)
class Card:
    """To be shown: of what there are many, the parts are plain rows."""

    item: RoadmapItem
    texts: Mapping[str, RoadmapText]
    ideas: Sequence[FeatureRequest] = field(default_factory=list)
    release: "releases.Told | None" = None

    @property
    def votes(self) -> int:
        return wanted.votes(self.ideas)

    def said(self, language: str) -> RoadmapText:
        return said(self.texts, language)


@dataclass(frozen=True, slots=True)
class Group:
    """What a stage has of a quarter."""

    quarter: str
    cards: list[Card]


def listed(
    session: Session, *, inside: bool = False, module: str = "", stage: str = "", quarter: str = ""
) -> list[Card]:
    """By stage; within it as they are shown: the soonest quarter first and those without one last,
    of what shipped the newest."""
    rows: list[RoadmapItem] = []
    for one in Stage:
        if not stage or stage == one:
            rows += _of_stage(session, one, inside, module, quarter)
    return carded(session, rows, inside=inside)


def state(session: Session, module: str = "") -> Hashable:
    """Another one whenever what everybody reads of the items has changed."""
    query = _STATE.where(readable(inside=False)).order_by(RoadmapItem.id)
    if module:
        query = query.where(RoadmapItem.module == module)
    rows = [tuple(row) for row in session.execute(query)]
    notes = {row[-1] for row in rows if row[-1] is not None}
    links = wanted.state(session, [row[0] for row in rows])
    return tuple(rows), links, releases.state(session, notes)


def board(session: Session, module: str = "") -> tuple[list[Card], list[Card]]:
    """All that staff see, and the latest of what was removed."""
    rows = [row for stage in Stage for row in _of_stage(session, stage, True, module, "")]
    cards = carded(session, [*rows, *_removed(session)], inside=True)
    return cards[: len(rows)], cards[len(rows) :]


def _of_stage(
    session: Session, stage: Stage, inside: bool, module: str, quarter: str
) -> list[RoadmapItem]:
    column = RoadmapItem.quarter
    query = _ITEMS.where(RoadmapItem.stage == stage, readable(inside=inside))
    if module:
        query = query.where(RoadmapItem.module == module)
    if quarter:
        query = query.where(column == quarter)
    shipped = stage is Stage.SHIPPED
    order = column.desc() if shipped else column
    found: list[Any] = list(
        session.execute(query.order_by(order, RoadmapItem.position).limit(MOST))
    )
    if shipped:
        return found
    return sorted(found, key=lambda item: not item.quarter)


def carded(session: Session, items: Collection[RoadmapItem], *, inside: bool) -> list[Card]:
    if not items:
        return []
    keys = [item.id for item in items]
    words, links = _words(session, keys), wanted.of_items(session, keys, inside=inside)
    notes = releases.told(session, {item.release_id for item in items if item.release_id})
    return [
        Card(
            item,
            words.get(item.id, {}),
            links.get(item.id, []),
            notes.get(item.release_id) if item.release_id else None,
        )
        for item in items
    ]


def _words(session: Session, items: Collection[UUID]) -> dict[UUID, dict[str, RoadmapText]]:
    found: dict[UUID, dict[str, Any]] = {}
    for row in session.execute(_TEXTS.where(RoadmapText.item_id.in_(items))):
        found.setdefault(row.item_id, {})[row.language] = row
    return found


def texts(session: Session, items: Collection[UUID]) -> dict[UUID, dict[str, RoadmapText]]:
    """To be changed, perhaps."""
    found: dict[UUID, dict[str, RoadmapText]] = {}
    for text in session.scalars(select(RoadmapText).where(RoadmapText.item_id.in_(items))):
        found.setdefault(text.item_id, {})[text.language] = text
    return found


def columns(cards: Sequence[Card]) -> dict[str, list[Group]]:
    """By stage and quarter, in the order of the cards."""
    found: dict[str, list[Group]] = {stage: [] for stage in Stage}
    for card in cards:
        groups = found[card.item.stage]
        if not groups or groups[-1].quarter != card.item.quarter:
            groups.append(Group(card.item.quarter, []))
        groups[-1].cards.append(card)
    return found


def modules(session: Session, *, inside: bool) -> set[str]:
    """Which the roadmap has something of."""
    query = select(RoadmapItem.module).where(readable(inside=inside), RoadmapItem.module != "")
    return set(session.scalars(query.distinct()))


def changes(session: Session, item_id: UUID, *, inside: bool) -> Sequence[RoadmapChange]:
    """The newest first."""
    query = select(RoadmapChange).where(RoadmapChange.item_id == item_id)
    if not inside:
        query = query.where(RoadmapChange.is_public)
    return session.scalars(query.order_by(RoadmapChange.at.desc(), RoadmapChange.id.desc())).all()


def public_changes(session: Session, items: Collection[UUID]) -> Sequence[RoadmapChange]:
    """Of all these, the newest first."""
    query = select(RoadmapChange).where(RoadmapChange.item_id.in_(items), RoadmapChange.is_public)
    return session.scalars(query.order_by(RoadmapChange.at.desc(), RoadmapChange.id.desc())).all()


def group(session: Session, stage: str, quarter: str) -> list[RoadmapItem]:
    """What stands there on the board, in its order."""
    query = select(RoadmapItem).where(
        RoadmapItem.stage == stage,
        RoadmapItem.quarter == quarter,
        RoadmapItem.removed_at.is_(None),
    )
    return list(session.scalars(query.order_by(RoadmapItem.position, RoadmapItem.id)))


def _removed(session: Session) -> Sequence[RoadmapItem]:
    query = _ITEMS.where(RoadmapItem.removed_at.is_not(None))
    newest: Sequence[Any] = session.execute(
        query.order_by(RoadmapItem.removed_at.desc()).limit(REMOVED_SHOWN)
    ).all()
    return newest


def unshipped_of(session: Session, release_id: UUID) -> Sequence[RoadmapItem]:
    query = select(RoadmapItem).where(
        RoadmapItem.release_id == release_id,
        RoadmapItem.stage != Stage.SHIPPED,
        RoadmapItem.removed_at.is_(None),
    )
    return session.scalars(query.order_by(RoadmapItem.id)).all()


def shipped_with(session: Session, release_id: UUID) -> Sequence[RoadmapItem]:
    """What everybody may read of what shipped with a note."""
    there = RoadmapItem.release_id == release_id, RoadmapItem.stage == Stage.SHIPPED
    query = select(RoadmapItem).where(*there, readable(inside=False))
    return session.scalars(query.order_by(RoadmapItem.position, RoadmapItem.number)).all()


def untouched(session: Session, since: datetime) -> Sequence[RoadmapItem]:
    """Public, not shipped, and nobody has said since then that it still holds; the oldest first."""
    query = select(RoadmapItem).where(
        RoadmapItem.stage.in_((Stage.PLANNED, Stage.IN_PROGRESS)),
        readable(inside=False),
        RoadmapItem.touched_at < since,
    )
    return session.scalars(query.order_by(RoadmapItem.touched_at)).all()


def last_reminder(session: Session) -> datetime | None:
    return session.scalar(select(func.max(RoadmapItem.reminded_at)))


def links(session: Session, item_id: UUID) -> Sequence[RoadmapIdea]:
    return session.scalars(select(RoadmapIdea).where(RoadmapIdea.item_id == item_id)).all()
