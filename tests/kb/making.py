"""Articles for tests, written by whoever may."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.kb.models import Article, Draft
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import Placing, Text, begin, revise, save, translate
from portal.kb.service.publishing import publish
from tests.fixtures.world import NOW


def drafted(
    session: Session, by: Actor, title: str = "Schedule a crew", body: str = "", **placing: Any
) -> Draft:
    language = placing.get("original_language", "en")
    return begin(session, Placing(**placing), language, Text("", title, body=body), by=by, at=NOW)


def published(
    session: Session, by: Actor, title: str = "Schedule a crew", body: str = "", **placing: Any
) -> Article:
    draft = drafted(session, by, title, body, **placing)
    return publish(session, draft, by=by, at=NOW)


def translated(
    session: Session, by: Actor, original: Article, title: str, body: str = "", language: str = "es"
) -> Article:
    text = Text("", title, body=body)
    draft = translate(session, original.topic, language, text, by=by, at=NOW)
    return publish(session, draft, by=by, at=NOW)


def changed(session: Session, by: Actor, article: Article, **words: Any) -> Article:
    """Published anew with other words."""
    draft = revise(session, article, by=by, at=NOW)
    text = Text(
        slug=words.get("slug", draft.slug),
        title=words.get("title", draft.title),
        summary=words.get("summary", draft.summary),
        body=words.get("body", draft.body),
        labels=words.get("labels", draft.labels),
    )
    save(session, draft, text, draft.lock, by=by, at=NOW)
    return publish(session, draft, by=by, at=NOW)


def read_again(session: Session, article_id: UUID) -> Article:
    found = queries.article(session, article_id)
    assert found is not None
    session.refresh(found)
    return found
