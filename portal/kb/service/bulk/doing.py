"""Looking at what would be done to many articles, and doing it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import AuditEntry
from portal.core.permissions import Actor, Permission
from portal.kb.models import Article
from portal.kb.queries import bulk as lookups
from portal.kb.queries import editing as queries
from portal.kb.service import placing
from portal.kb.service.bulk.deeds import ACT, COLUMN, Deed, kept
from portal.kb.service.drafting import SlugTaken, revise, save, text_of
from portal.kb.service.placing import place_of
from portal.kb.service.publishing import publish, republish, unpublish

Former = dict[str, Any]
"""What was before, as JSON; nothing, where nothing was done."""
Act = Callable[[Session, Article, Deed, Any, Actor, datetime], Former]


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
    act = _ACTS.get(deed, _place)
    tried = [act(session, step.article, deed, value, by, at) for step in steps]
    former = [one for one in tried if one]
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


def _publish(
    session: Session, article: Article, _deed: Deed, _value: Any, by: Actor, at: datetime
) -> Former:
    former = {
        "article": str(article.id),
        "number": article.number,
        "was_published": article.is_published,
    }
    draft = queries.draft_of(session, article.id)
    if draft is None:
        republish(session, article, by=by, at=at)
        return former
    drafted = {"state": draft.state, "note": draft.note, "author": kept(draft.submitted_by)}
    try:
        publish(session, draft, by=by, at=at)
    except SlugTaken:
        return {}
    return former | {"draft": drafted}


def _unpublish(
    session: Session, article: Article, _deed: Deed, _value: Any, by: Actor, at: datetime
) -> Former:
    unpublish(session, article, by=by, at=at)
    return {"article": str(article.id)}


def _label(
    session: Session, article: Article, _deed: Deed, value: str, by: Actor, at: datetime
) -> Former:
    """Where somebody is writing it goes into their draft, else to readers as a new version."""
    relabel(session, article, lambda labels: (*labels, value), value, by=by, at=at)
    return {"article": str(article.id), "value": value}


def relabel(
    session: Session,
    article: Article,
    change: Callable[[tuple[str, ...]], tuple[str, ...]],
    note: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    writing = queries.draft_of(session, article.id)
    draft = writing or revise(session, article, by=by, at=at)
    text = text_of(draft)
    save(session, draft, replace(text, labels=change(tuple(text.labels))), draft.lock, by=by, at=at)
    if writing is None and article.is_published:
        publish(session, draft, by=by, at=at, note=note)


def _place(
    session: Session, article: Article, deed: Deed, value: Any, by: Actor, at: datetime
) -> Former:
    topic, column = article.topic, COLUMN[deed]
    new = replace(place_of(topic), **{column: value})
    before = placing.place(session, topic, new, topic.version, by=by, at=at)
    return {"topic": str(topic.id), "value": kept(before[column])} if before else {}


_ACTS: Final[Mapping[Deed, Act]] = {
    Deed.PUBLISH: _publish,
    Deed.UNPUBLISH: _unpublish,
    Deed.LABEL: _label,
}
