"""Translations: how one begins, and when it says again what its original says."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.kb.models import Article
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import Text


def begun(original: Text) -> Text:
    """Its words and structure; the address is made of the title, once that is translated."""
    return replace(original, slug="")


def mark_current(session: Session, article: Article, *, by: Actor, at: datetime) -> None:
    """For its draft, and for what readers see, where that was published as it is by who may."""
    by.require(Permission.WRITE_ARTICLES)
    original = queries.article_in(session, article.topic_id, article.topic.original_language)
    if original is None or original.id == article.id:
        return
    draft = queries.draft_of(session, article.id)
    if draft is not None:
        draft.translated_from = original.number
    if draft is None or by.may(Permission.PUBLISH_ARTICLES):
        article.translated_from = original.number
    article.worked_at = at
    session.flush()
