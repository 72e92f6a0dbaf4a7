"""What follows when items move, when a note is published, and when nobody has touched the roadmap
for long."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import SYSTEM
from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.queries import wanting
from portal.notifications.service import notify
from portal.releases.happenings import PUBLISHED
from portal.roadmap.addresses import BOARD, item_path
from portal.roadmap.happenings import MOVED, STALE
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import ideas, items, people, releases
from portal.roadmap.queries.items import Card
from portal.roadmap.service import placing

SOME: Final = 20  # people an event: each may be a letter, and all of it is one transaction


def tell_who_want_it(session: Session, happened: Event) -> None:
    """Some of them; an event of its own tells the next, in the name of the first, by which each
    person is told once, however many of the ideas are theirs."""
    told = happened.payload
    item = session.get(RoadmapItem, UUID(told["item_id"]))
    if item is None or item.is_internal or item.removed_at is not None:
        return
    first = UUID(told["first"]) if "first" in told else happened.id
    last = UUID(told["after"]) if "after" in told else None
    wanted = ideas.still_public(session, [UUID(key) for key in told["ideas"]])
    found = wanting.people(session, wanted, last, SOME)
    _tell(session, item, happened, set(found) - {_mover(told)}, first)
    if len(found) == SOME:
        further = {**told, "first": str(first), "after": str(found[-1])}
        outbox.record(session, MOVED, at=happened.at, builder_id=None, **further)


def ship_with_release(session: Session, happened: Event) -> None:
    release = releases.by_key(session, UUID(happened.payload["release_id"]))
    if release is None:
        return
    for item in items.unshipped_of(session, release.id):
        placing.ship(session, item, release.version, by=SYSTEM, at=happened.at)


def tell_stale(session: Session, happened: Event) -> None:
    item = session.get(RoadmapItem, UUID(happened.payload["item_id"]))
    if item is None:
        return
    texts = items.texts(session, [item.id])[item.id]
    for language, them in people.by_language(session, people.who_run_it(session)).items():
        title = items.said(texts, language).title
        notify(
            session,
            them,
            "roadmap_stale",
            facts={"count": happened.payload["count"], "subject": title},
            url=BOARD,
            at=happened.at,
            event_id=happened.id,
        )


def _mover(told: Mapping[str, str]) -> UUID | None:
    return UUID(told["by"]) if told.get("by") else None


def _tell(
    session: Session, item: RoadmapItem, happened: Event, whom: set[UUID], first: UUID
) -> None:
    """Each in their language, with where there is more to read."""
    card = items.carded(session, [item], inside=False)[0]
    for language, them in people.by_language(session, whom).items():
        title = card.said(language).title
        notify(
            session,
            them,
            f"roadmap_{happened.payload['stage']}",
            facts={"number": item.number, "subject": title},
            url=_more(card, language, title),
            at=happened.at,
            event_id=first,
        )


def _more(card: Card, language: str, title: str) -> str:
    return card.release.path(language) if card.release else item_path(card.item.number or 0, title)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    MOVED: (tell_who_want_it,),
    STALE: (tell_stale,),
    PUBLISHED: (ship_with_release,),
}
