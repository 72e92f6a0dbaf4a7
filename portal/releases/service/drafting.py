"""Writing a note, and changing it: in each language, with the ideas that ship with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.foundation.markup import render
from portal.releases.models import (
    SUMMARY_LONGEST,
    TITLE_LONGEST,
    Release,
    ReleaseIdea,
    ReleaseText,
    State,
)
from portal.releases.queries import writing as queries
from portal.releases.queries.reading import named, texts
from portal.releases.service import showing
from portal.releases.service.holding import hold
from portal.releases.service.refusals import ChangedMeanwhile, NothingWritten
from portal.writing.service.masking import masked


@dataclass(frozen=True, slots=True)
class Words:
    """In one language; `body` is Markdown."""

    title: str
    summary: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """`words` by language; those without a title are no words. `ideas` are keys."""

    words: Mapping[str, Words]
    version: str = ""
    modules: Sequence[str] = ()
    ideas: Sequence[UUID] = field(default=())


def begin(session: Session, written: Written, *, by: Actor, at: datetime) -> Release:
    """A draft. Raises NothingWritten."""
    by.require(Permission.WRITE_NEWS)
    note = Release(
        state=State.DRAFT,
        created_by=by.user_id,
        created_by_name=by.name,
        created_at=at,
        updated_at=at,
    )
    _write(session, note, written, at)
    return note


def edit(
    session: Session, note: Release, written: Written, edition: int, *, by: Actor, at: datetime
) -> None:
    """`edition` is the one that the writer began with. Raises ChangedMeanwhile, NothingWritten."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.edition != edition:
        raise ChangedMeanwhile
    note.edition += 1
    _write(session, note, written, at)
    showing.tell(session, note, at=at)
    if note.state == State.PUBLISHED:
        audit.record(session, "release.edited", by=by, at=at, about=about(session, note))


def about(session: Session, note: Release) -> str:
    """As the log of what was done calls it."""
    words = texts(session, note.id)
    return named(note, words[min(words)].title) if words else note.version


def _write(session: Session, note: Release, written: Written, at: datetime) -> None:
    told = {code: words for code, words in written.words.items() if words.title.strip()}
    if not told:
        raise NothingWritten
    note.version = " ".join(written.version.split())
    note.modules = list(dict.fromkeys(written.modules))
    note.updated_at = at
    session.add(note)
    session.flush()
    known = texts(session, note.id)
    for code in known.keys() - told.keys():
        if note.number is not None:
            showing.forget(session, known[code], at=at)
        session.delete(known[code])
    for code, words in told.items():
        text = known.get(code) or ReleaseText(release_id=note.id, language=code)
        _put(text, words)
        session.add(text)
    _link(session, note, written.ideas)
    session.flush()


def _put(text: ReleaseText, words: Words) -> None:
    text.title = masked(" ".join(words.title.split())).text[:TITLE_LONGEST]
    text.summary = masked(" ".join(words.summary.split())).text[:SUMMARY_LONGEST]
    text.body = masked(words.body.strip()).text
    text.body_html = str(render(text.body))


def _link(session: Session, note: Release, ideas: Sequence[UUID]) -> None:
    known = set(queries.idea_keys(session, note.id))
    gone = list(known - set(ideas))
    if gone:
        session.execute(
            delete(ReleaseIdea)
            .where(ReleaseIdea.release_id == note.id, ReleaseIdea.request_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
    new = [key for key in dict.fromkeys(ideas) if key not in known]
    session.add_all(ReleaseIdea(release_id=note.id, request_id=key) for key in new)
