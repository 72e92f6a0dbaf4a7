"""What was published or moved is found where it is now by those who point at it."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation.outbox import Event
from portal.kb.addresses import MARK, article_path
from portal.kb.models import Article
from portal.kb.queries import editing as queries
from portal.kb.service.publishing import refresh

TOGETHER: Final = 200
"""Articles of one event; of more, the former address leads on."""


def relink(session: Session, happened: Event) -> None:
    if not happened.payload["elsewhere"]:
        return
    article = queries.article(session, UUID(happened.payload["article_id"]))
    if article is None or not article.is_published:
        return
    for source in _sources(session, article)[:TOGETHER]:
        refresh(session, source, at=happened.at)


def _sources(session: Session, article: Article) -> list[Article]:
    """Those that don't lead there yet."""
    address = f'"{MARK}{article_path(article.language, article.slug)}'
    pointing = {
        one.id: one
        for one in queries.linking_to(session, article.topic_id)
        if _leads_into(article.language, one)
    }
    pointing |= {one.id: one for one in queries.pointing_nowhere(session, article.slug)}
    pointing.pop(article.id, None)
    return [one for one in pointing.values() if address not in one.body_html]


def _leads_into(language: str, source: Article) -> bool:
    """A link stays in the language of its text, but where it names another or had no choice."""
    return source.language == language or f'"{MARK}{article_path(language, "")}' in source.body_html
