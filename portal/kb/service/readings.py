"""That somebody had an article before them for long enough to read."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.foundation.tenancy import PLATFORM, seeing
from portal.kb.models import Article, Reading
from portal.kb.service.reader import Whose, one_at_a_time

AGAIN: Final = timedelta(minutes=30)
"""Whoever comes back later reads it anew."""


def note(
    session: Session, article_id: UUID, whose: Whose, *, at: datetime, page_key: str = ""
) -> bool:
    """Whether it counted: once in half an hour. The reader may read it; the caller has asked."""
    with seeing(session, whose.company or PLATFORM):
        one_at_a_time(session, article_id)
        known = select(Reading.id).where(
            Reading.visitor == whose.visitor,
            Reading.at > at - AGAIN,
            Reading.article_id == article_id,
        )
        if session.scalar(known.limit(1)) is not None:
            return False
        session.add(Reading(article_id=article_id, page_key=page_key, at=at, **whose.columns()))
        count(session, article_id, Article.view_count, 1)
        return True


def count(
    session: Session, article_id: UUID, counter: InstrumentedAttribute[int], change: int
) -> None:
    """In the database, where many do it at once; and no timestamp is touched by it."""
    statement = update(Article).where(Article.id == article_id).values({counter: counter + change})
    session.execute(statement, execution_options={"synchronize_session": False})
