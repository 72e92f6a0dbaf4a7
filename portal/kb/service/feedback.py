"""Whether an article helped somebody: once a reader, and theirs to change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.secrets import mask
from portal.foundation.runtime import current_runtime
from portal.foundation.tenancy import PLATFORM, seeing
from portal.kb.models import Article, Feedback
from portal.kb.service.reader import Whose, one_at_a_time
from portal.kb.service.readings import count

COMMENT_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Opinion:
    """`reason` is one of models.REASONS or nothing; a comment goes with either answer."""

    helpful: bool
    reason: str = ""
    comment: str = ""


def give(
    session: Session, article_id: UUID, number: int, opinion: Opinion, whose: Whose, *, at: datetime
) -> Feedback:
    """Instead of what the same reader said before. `number` is the version that was read. Secrets
    are masked."""
    with seeing(session, whose.company or PLATFORM):
        one_at_a_time(session, article_id)
        said = _said(session, article_id, whose.visitor)
        if said is None or said.helpful != opinion.helpful:
            count(session, article_id, _counter(opinion.helpful), 1)
        if said is None:
            said = Feedback(article_id=article_id, **whose.columns())
        elif said.helpful != opinion.helpful:
            count(session, article_id, _counter(said.helpful), -1)
        said.number, said.helpful, said.at = number, opinion.helpful, at
        said.reason = "" if opinion.helpful else opinion.reason
        said.comment = _without_secrets(opinion.comment)
        session.add(said)
        return said


def take_back(session: Session, article_id: UUID, whose: Whose) -> None:
    """As if nothing had been said."""
    with seeing(session, whose.company or PLATFORM):
        one_at_a_time(session, article_id)
        said = _said(session, article_id, whose.visitor)
        if said is not None:
            count(session, article_id, _counter(said.helpful), -1)
            session.execute(delete(Feedback).where(Feedback.id == said.id))


def uncount(session: Session, *still: ColumnElement[bool]) -> None:
    """What these readers said counts no more, before it is deleted."""
    said = select(Feedback.article_id, Feedback.helpful, func.count()).where(*still)
    for article_id, helpful, number in session.execute(
        said.group_by(Feedback.article_id, Feedback.helpful)
    ).all():
        count(session, article_id, _counter(helpful), -number)


def _said(session: Session, article_id: UUID, visitor: str) -> Feedback | None:
    chosen = Feedback.article_id == article_id, Feedback.visitor == visitor
    return session.scalar(select(Feedback).where(*chosen))


def _counter(helpful: bool) -> InstrumentedAttribute[int]:
    return Article.helpful_count if helpful else Article.not_helpful_count


def _without_secrets(comment: str) -> str:
    clean = comment.replace("\x00", "").strip()[:COMMENT_LONGEST]
    return mask(clean, frozenset(), key=current_runtime().fingerprint_key).text[:COMMENT_LONGEST]
