"""Drafts that were removed, and whether their topics are still needed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from portal.kb.models import Article, ArticleLink, Draft


def removed_before(session: Session, before: datetime, most: int) -> Sequence[Draft]:
    with_topic = joinedload(Draft.article).joinedload(Article.topic)
    rows = select(Draft).where(Draft.state == "removed", Draft.updated_at < before)
    rows = rows.order_by(Draft.updated_at, Draft.id).limit(most).options(with_topic)
    return session.scalars(rows.with_for_update(skip_locked=True, of=Draft)).all()


def is_needed(session: Session, topic_id: UUID) -> bool:
    """It has other articles, or others point at it."""
    articles = exists().where(Article.topic_id == topic_id)
    links = exists().where(ArticleLink.topic_id == topic_id)
    return bool(session.scalar(select(articles | links)))
