"""The same for many articles at once: first looked at, then done, and where it can be, undone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.core.audience import Audience
from portal.core.permissions import Actor, Permission
from portal.kb.models import Article, Topic
from portal.kb.queries import bulk as lookups
from portal.kb.queries import editing as queries
from portal.kb.service import placing
from portal.kb.service.drafting import SlugTaken, revise, save, text_of
from portal.kb.service.placing import Place, place_of
from portal.kb.service.publishing import publish, republish, unpublish

MOST: Final = 100
ACT: Final = "article.changed_many"


class Deed(StrEnum):
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CATEGORY = "category"
    MODULE = "module"
    AUDIENCE = "audience"
    ROLES = "roles"
    VERSION = "version"
    REVIEW = "review"
    LABEL = "label"


COLUMN: Final[Mapping[Deed, str]] = {
    Deed.CATEGORY: "category_id",
    Deed.MODULE: "module_tag",
    Deed.AUDIENCE: "audience",
    Deed.ROLES: "role_tags",
    Deed.VERSION: "platform_version",
    Deed.REVIEW: "review_by",
}
Former = list[dict[str, Any]]
"""What was before, as JSON."""
Act = Callable[..., Former]
UNDOABLE: Final = frozenset(COLUMN) | {Deed.UNPUBLISH}


class CannotUndo(ValueError):
    """It was something else, or too much has changed since."""


@dataclass(frozen=True, slots=True)
class Step:
    """What would become of one article. `why` not: no_draft, no_title, slug_taken, not_published,
    same; "" where it would be done."""

    article: Article
    title: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """`entry` is what undoing needs; `left` could not be done."""

    entry: AuditEntry
    count: int
    left: int


def look(
    session: Session, ids: Collection[UUID], deed: Deed, value: Any, *, by: Actor
) -> list[Step]:
    """Nothing is changed. `value` is of the column's type, a word for a label, None otherwise."""
    by.require(Permission.PUBLISH_ARTICLES)
    drafts = lookups.drafts_of(session, ids)
    steps = []
    for article in lookups.articles(session, ids):
        draft = drafts.get(article.id)
        title = (draft.title if draft else "") or article.title
        steps.append(Step(article, title, _why_not(article, draft, deed, value)))
    return steps


def _why_not(article: Article, draft: Any, deed: Deed, value: Any) -> str:
    if deed is Deed.PUBLISH:
        if draft is None:
            return "same" if article.is_published else ("" if article.number else "no_draft")
        return "" if draft.title else "no_title"
    if deed is Deed.UNPUBLISH:
        return "" if article.is_published else "not_published"
    if deed is Deed.LABEL:
        return "same" if value in (draft or article).labels else ""
    return "same" if getattr(place_of(article.topic), COLUMN[deed]) == value else ""


def apply(
    session: Session,
    ids: Collection[UUID],
    deed: Deed,
    value: Any,
    *,
    by: Actor,
    at: datetime,
) -> Done:
    """What can't be done to one is left out of it, the others go on."""
    by.require(Permission.PUBLISH_ARTICLES)
    steps = [step for step in look(session, ids, deed, value, by=by) if not step.why]
    act: Act = _ACTS.get(deed, _place)
    former = list[dict[str, Any]]()
    for step in steps:
        former += act(session, step.article, deed, value, by, at)
    entry = audit.record(
        session,
        ACT,
        by=by,
        at=at,
        about=str(deed),
        count=len(former),
        deed=str(deed),
        former=former,
    )
    session.flush()
    return Done(entry, len(former), len(set(ids)) - len(former))


def undo(session: Session, entry_id: UUID, *, by: Actor, at: datetime) -> int:
    """How many are as they were. Raises CannotUndo."""
    by.require(Permission.PUBLISH_ARTICLES)
    entry = lookups.deed(session, entry_id, ACT, by)
    deed = Deed(entry.facts["deed"]) if entry else None
    if entry is None or deed not in UNDOABLE:
        raise CannotUndo
    former = entry.facts["former"]
    back = _show_again if deed is Deed.UNPUBLISH else _place_back
    count = sum(back(session, one, deed, by, at) for one in former)
    audit.record(session, "article.undone_many", by=by, at=at, about=str(deed), count=count)
    session.flush()
    return count


def _publish(
    session: Session, article: Article, _deed: Deed, _value: Any, by: Actor, at: datetime
) -> Former:
    draft = queries.draft_of(session, article.id)
    if draft is None:
        republish(session, article, by=by, at=at)
        return [{"article": str(article.id)}]
    try:
        publish(session, draft, by=by, at=at)
    except SlugTaken:
        return []
    return [{"article": str(article.id)}]


def _unpublish(
    session: Session, article: Article, _deed: Deed, _value: Any, by: Actor, at: datetime
) -> Former:
    unpublish(session, article, by=by, at=at)
    return [{"article": str(article.id)}]


def _label(
    session: Session, article: Article, _deed: Deed, value: str, by: Actor, at: datetime
) -> Former:
    """Where somebody is writing it goes into their draft, else to readers as a new version."""
    writing = queries.draft_of(session, article.id)
    draft = writing or revise(session, article, by=by, at=at)
    text = text_of(draft)
    save(session, draft, replace(text, labels=(*text.labels, value)), draft.lock, by=by, at=at)
    if writing is None and article.is_published:
        publish(session, draft, by=by, at=at, note=value)
    return [{"article": str(article.id)}]


def _place(
    session: Session, article: Article, deed: Deed, value: Any, by: Actor, at: datetime
) -> Former:
    topic, column = article.topic, COLUMN[deed]
    new = replace(place_of(topic), **{column: value})
    before = placing.place(session, topic, new, topic.version, by=by, at=at)
    return [{"topic": str(topic.id), "value": _kept(before[column])}] if before else []


_ACTS: Final[Mapping[Deed, Act]] = {
    Deed.PUBLISH: _publish,
    Deed.UNPUBLISH: _unpublish,
    Deed.LABEL: _label,
}


def _show_again(
    session: Session, one: Mapping[str, Any], _deed: Deed, by: Actor, at: datetime
) -> int:
    article = queries.article(session, UUID(one["article"]))
    if article is None or article.is_published:
        return 0
    republish(session, article, by=by, at=at)
    return 1


def _place_back(
    session: Session, one: Mapping[str, Any], deed: Deed, by: Actor, at: datetime
) -> int:
    topic: Topic | None = queries.topic(session, UUID(one["topic"]))
    if topic is None:
        return 0
    new: Place = replace(place_of(topic), **{COLUMN[deed]: _read(deed, one["value"])})
    return bool(placing.place(session, topic, new, topic.version, by=by, at=at))


def _kept(value: Any) -> Any:
    """As JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read(deed: Deed, kept: Any) -> Any:
    readers: Mapping[Deed, Callable[[Any], Any]] = {
        Deed.CATEGORY: UUID,
        Deed.REVIEW: datetime.fromisoformat,
        Deed.ROLES: tuple,
        Deed.AUDIENCE: Audience,
    }
    if kept is None:
        return None
    return readers.get(deed, str)(kept)


def chosen(ids: Sequence[str]) -> list[UUID]:
    """What was ticked, without what is no key; MOST at most."""
    found = []
    for text in ids[: MOST * 2]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))[:MOST]
