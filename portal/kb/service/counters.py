"""The counters of articles, made anew from what was said and read."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.foundation.tenancy import PLATFORM, seeing
from portal.kb.models import Article, Feedback, Reading


def rebuild(session: Session) -> None:
    """Of every article. Readings are forgotten after a while, so that views are never lowered."""
    with seeing(session, PLATFORM):
        said = select(func.count()).where(Feedback.article_id == Article.id)
        read = select(func.count()).where(Reading.article_id == Article.id).scalar_subquery()
        session.execute(
            update(Article)
            .values(
                helpful_count=said.where(Feedback.helpful).scalar_subquery(),
                not_helpful_count=said.where(~Feedback.helpful).scalar_subquery(),
            )
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Article)
            .where(Article.view_count < read)
            .values(view_count=read)
            .execution_options(synchronize_session=False)
        )
