"""What holds of an article in every language: who it is for, where it stands, who looks after it.

It is not drafted but holds at once, for readers too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.core.audience import Audience
from portal.core.permissions import BUILDER_STAFF, PORTAL, Actor, Permission, Role
from portal.foundation.collisions import refusing
from portal.kb.models import Topic
from portal.kb.queries import editing as queries
from portal.kb.service import finding
from portal.kb.service.rendering import rendered

ROLES: Final = tuple(role for role in Role if role in BUILDER_STAFF | PORTAL)
"""Whom an article can be written for."""
OF_AUDIENCE: Final = frozenset({"audience", "role_tags"})
FOUND_BY: Final = OF_AUDIENCE | {"category_id", "module_tag", "platform_version"}


class Moved(Exception):
    """Somebody else has placed the article since. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that an editor can say of a topic."""

    category_id: UUID | None
    module_tag: str
    role_tags: tuple[str, ...]
    audience: Audience
    platform_version: str
    review_by: datetime | None
    video_id: UUID | None
    owner_id: UUID | None


def place_of(topic: Topic) -> Place:
    return Place(
        topic.category_id,
        topic.module_tag,
        tuple(topic.role_tags),
        Audience(topic.audience),
        topic.platform_version,
        topic.review_by,
        topic.video_id,
        topic.owner_id,
    )


def may_place(session: Session, topic: Topic, by: Actor) -> bool:
    """What readers see is for who publishes; what nobody sees yet, for who writes."""
    return by.may(Permission.PUBLISH_ARTICLES) or not any(
        article.is_published for article in queries.articles_of(session, topic.id)
    )


def place(
    session: Session, topic: Topic, new: Place, seen: int, *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Returns what was before of what has changed. Raises Moved."""
    by.require(Permission.WRITE_ARTICLES)
    if not may_place(session, topic, by):
        by.require(Permission.PUBLISH_ARTICLES)
    if topic.version != seen:
        raise Moved
    former = place_of(topic)
    changed = [name for name in Place.__slots__ if getattr(former, name) != getattr(new, name)]
    if not changed:
        return {}
    with refusing(session, Moved(), (StaleDataError,)):
        for name in changed:
            value = getattr(new, name)
            setattr(topic, name, list(value) if name == "role_tags" else value)
        if "review_by" in changed:
            topic.reminded_at = None
            topic.review_because = topic.review_path = ""
        topic.updated_at = at
        session.flush()
    session.expire(topic, ["category", "video"])
    if FOUND_BY.intersection(changed):
        tell_search(session, topic, at=at)
    if OF_AUDIENCE.intersection(changed):
        _record(session, topic, former, by=by, at=at)
    return {name: getattr(former, name) for name in changed}


def tell_search(session: Session, topic: Topic, *, at: datetime) -> None:
    """All that readers find of the topic is found by what holds now."""
    for article in queries.articles_of(session, topic.id):
        if article.is_published:
            finding.tell(session, article, rendered(session, article.body, article.language), at=at)


def _record(session: Session, topic: Topic, former: Place, *, by: Actor, at: datetime) -> None:
    articles = queries.articles_of(session, topic.id)
    if by.role is Role.SYSTEM or not any(article.number for article in articles):
        return
    audit.record(
        session,
        "article.opened",
        by=by,
        at=at,
        about=articles[0].title,
        before=_said(former.audience, former.role_tags),
        after=_said(Audience(topic.audience), topic.role_tags),
    )


def _said(audience: Audience, roles: tuple[str, ...] | list[str]) -> str:
    return f"{audience}: {', '.join(roles)}" if roles else str(audience)
