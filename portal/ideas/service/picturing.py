"""Pictures in what is said of an idea: seen by whoever may read it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ideas.models import FeatureRequest, IdeaComment
from portal.writing.service import pictures


def show(session: Session, idea: FeatureRequest, by: UUID | None, *, at: datetime) -> None:
    """Those of its words that its author or whoever edits them brought."""
    if idea.is_internal:
        return
    for brought_by in {idea.submitted_by, by}:
        pictures.show(session, _words(idea), author_id=brought_by, at=at)


def show_comment(
    session: Session, idea: FeatureRequest, said: IdeaComment, *, at: datetime
) -> None:
    if not idea.is_internal:
        pictures.show(session, said.body, author_id=said.author_id, at=at)


def hide_comment(session: Session, said: IdeaComment, *, at: datetime) -> None:
    pictures.hide(session, said.body, at=at)


def follow(session: Session, idea: FeatureRequest, *, at: datetime) -> None:
    """An idea that has become internal, or public: with all that was said of it."""
    comments = list(_comments(session, idea))
    if idea.is_internal:
        for words in (_words(idea), *(said.body for said in comments)):
            pictures.hide(session, words, at=at)
        return
    pictures.show_again(session, _words(idea))
    for said in comments:
        pictures.show_again(session, said.body)
        show_comment(session, idea, said, at=at)


def _comments(session: Session, idea: FeatureRequest) -> Iterable[IdeaComment]:
    return session.scalars(select(IdeaComment).where(IdeaComment.request_id == idea.id))


def _words(idea: FeatureRequest) -> str:
    return f"{idea.description}\n{idea.use_case}"
