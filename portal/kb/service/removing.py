"""Drafts that nobody wants: gone at once, and for a day to be had back."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from portal.core.permissions import Actor, Permission
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Article, Draft, Topic
from portal.kb.queries import removal as queries
from portal.kb.service.drafting import Conflict

KEPT: Final = timedelta(days=1)
TOGETHER: Final = 20


def remove(session: Session, draft: Draft, lock: int, *, by: Actor, at: datetime) -> None:
    """Raises Conflict where somebody has written on since."""
    by.require(Permission.WRITE_ARTICLES)
    if draft.lock != lock:
        raise Conflict(draft)
    draft.state = "removed"
    draft.updated_by, draft.updated_by_name, draft.updated_at = by.user_id, by.name, at
    draft.article.worked_at = at
    session.flush()


def bring_back(session: Session, draft: Draft, *, by: Actor, at: datetime) -> None:
    by.require(Permission.WRITE_ARTICLES)
    if draft.state == "removed":
        draft.state = "draft"
        draft.updated_at = draft.article.worked_at = at
        session.flush()


def forget_removed(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: what was removed a day ago; with the article, where nobody ever read it."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        drafts = queries.removed_before(session, at - KEPT, TOGETHER)
        for draft in drafts:
            _forget(session, draft)
        return len(drafts)


def _forget(session: Session, draft: Draft) -> None:
    article: Article = draft.article
    topic: Topic = article.topic
    session.delete(draft)
    session.flush()
    if article.number:
        return
    session.delete(article)
    session.flush()
    if not queries.is_needed(session, topic.id):
        session.delete(topic)
        session.flush()
