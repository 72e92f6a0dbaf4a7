"""Four eyes: who writes submits, who publishes approves or sends back with a reason; and once a
while somebody looks whether it still holds."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Draft, Topic
from portal.kb.queries import review as queries
from portal.kb.service.drafting import BadText, Conflict

SUBMITTED: Final = "article.submitted"
RETURNED: Final = "article.returned"
DUE: Final = "article.review_due"
STILL_RIGHT: Final = timedelta(days=180)
NOTE_LONGEST: Final = 500
TOGETHER: Final = 50


class NotInReview(ValueError):
    """Nobody has submitted it, or somebody has taken it out again."""


def submit(session: Session, draft: Draft, note: str, *, by: Actor, at: datetime) -> Draft:
    """Publishers are told; `note` says what changed. Raises BadText for what has no title."""
    by.require(Permission.WRITE_ARTICLES)
    if not draft.title:
        raise BadText({"title": "empty"})
    was_waiting = draft.state == "in_review"
    draft.state, draft.note = "in_review", _note(note)
    draft.submitted_at, draft.submitted_by = at, by.user_id
    draft.article.worked_at = at
    session.flush()
    if not was_waiting:
        outbox.record(
            session,
            SUBMITTED,
            at=at,
            builder_id=None,
            article_id=str(draft.article_id),
            by=str(by.user_id),
            by_name=by.name,
        )
    return draft


def send_back(
    session: Session, draft: Draft, reason: str, lock: int, *, by: Actor, at: datetime
) -> Draft:
    """It is a draft again, and its author hears why. Raises Conflict, NotInReview, and BadText for
    no reason."""
    by.require(Permission.PUBLISH_ARTICLES)
    if draft.state != "in_review":
        raise NotInReview
    if draft.lock != lock:
        raise Conflict(draft)
    if not reason.strip():
        raise BadText({"note": "empty"})
    draft.state, draft.note = "draft", _note(reason)
    draft.article.worked_at = at
    session.flush()
    outbox.record(
        session,
        RETURNED,
        at=at,
        builder_id=None,
        article_id=str(draft.article_id),
        author=str(draft.submitted_by or ""),
        by=str(by.user_id),
        by_name=by.name,
        reason=draft.note,
    )
    return draft


def withdraw(session: Session, draft: Draft, *, by: Actor, at: datetime) -> Draft:
    """Its author goes on writing."""
    by.require(Permission.WRITE_ARTICLES)
    if draft.state == "in_review":
        draft.state = "draft"
        draft.article.worked_at = at
        session.flush()
    return draft


def still_right(session: Session, topic: Topic, *, by: Actor, at: datetime) -> datetime:
    """Somebody has looked; returns when the next look is due."""
    by.require(Permission.PUBLISH_ARTICLES)
    topic.review_by, topic.reminded_at = at + STILL_RIGHT, None
    topic.review_because = topic.review_path = ""
    topic.updated_at = at
    session.flush()
    return topic.review_by


def ask(
    session: Session,
    modules: Collection[str],
    because: str,
    path: str,
    after: UUID | None,
    *,
    at: datetime,
) -> UUID | None:
    """Somebody should look at what is published of these modules, since something is new there;
    some articles behind `after`. Returns the last of them, where there may be more."""
    keys = queries.topics_of_modules(session, modules, after, TOGETHER)
    session.execute(
        update(Topic)
        .where(Topic.id.in_(keys))
        .values(review_by=at, reminded_at=None, review_because=because[:300], review_path=path)
        .execution_options(synchronize_session=False)
    )
    return keys[-1] if len(keys) == TOGETHER else None


def remind(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: tell publishers once of each article whose day has come."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        due = queries.topics_to_remind_of(session, at, TOGETHER)
        if not due:
            return 0
        for topic in due:
            topic.reminded_at = at
        outbox.record(
            session,
            DUE,
            at=at,
            builder_id=None,
            count=len(due),
            title=queries.title_of(session, due[0].id),
        )
        return len(due)


def _note(text: str) -> str:
    return " ".join(text.split())[:NOTE_LONGEST]
