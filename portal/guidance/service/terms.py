"""Words and fields of the host app, explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.guidance.models import Term
from portal.guidance.queries import terms as queries
from portal.guidance.service import marks
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.service.saving import saving


@dataclass(frozen=True, slots=True)
class TermWords:
    """`texts` is {language: {"term", "definition", "usage"}}; `topic_id` says more."""

    key: str
    module: str
    texts: Mapping[str, Mapping[str, str]]
    topic_id: UUID | None = None


def add(session: Session, words: TermWords, *, by: Actor, at: datetime) -> Term:
    """Raises KeyTaken."""
    by.require(Permission.MANAGE_GUIDANCE)
    _refuse_taken(session, words, None)
    term = Term()
    _write(session, term, words, at)
    audit.record(session, "term.added", by=by, at=at, about=words.key)
    return term


def save(
    session: Session, term: Term, words: TermWords, *, seen: int, by: Actor, at: datetime
) -> None:
    """`seen` is the version that was edited. Raises ChangedMeanwhile and KeyTaken."""
    by.require(Permission.MANAGE_GUIDANCE)
    if term.version != seen:
        raise ChangedMeanwhile
    _refuse_taken(session, words, term)
    before = "" if term.key == words.key else term.key
    _write(session, term, words, at)
    audit.record(session, "term.saved", by=by, at=at, about=words.key, before=before)


def remove(session: Session, term: Term, *, by: Actor, at: datetime) -> None:
    by.require(Permission.MANAGE_GUIDANCE)
    session.delete(term)
    session.flush()
    marks.renew(session)
    audit.record(session, "term.removed", by=by, at=at, about=term.key)


def _refuse_taken(session: Session, words: TermWords, term: Term | None) -> None:
    other = queries.term_by_key(session, words.key)
    if other is not None and other is not term:
        raise KeyTaken(words.key)


def _write(session: Session, term: Term, words: TermWords, at: datetime) -> None:
    with saving(session, term, words.key):
        term.key, term.module = words.key, words.module
        term.texts = {language: dict(text) for language, text in words.texts.items()}
        term.topic_id, term.updated_at = words.topic_id, at
