"""Notes as readers get them: what is published, in their language or in another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select
from sqlalchemy.orm import Session, defer

from portal.core.permissions import Actor, Permission
from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page
from portal.releases.addresses import note_path
from portal.releases.models import Release, ReleaseText, State

PAGE_ROWS: Final = 10
ENTRIES: Final = 30  # of a feed
IS_PUBLISHED: Final = Release.state == State.PUBLISHED.value


@dataclass(frozen=True, slots=True)
class Note:
    """A release with the words that are shown of it, and in which languages there are any."""

    release: Release
    text: ReleaseText
    languages: Sequence[str]

    @property
    def path(self) -> str:
        """Of what has a number."""
        return note_path(self.release.number or 0, self.text.title)

    @property
    def name(self) -> str:
        return named(self.release, self.text.title)


def named(release: Release, title: str) -> str:
    return f"{release.version}: {title}" if release.version else title


def published(
    session: Session, module: str, cursor: Cursor | None, rows: int = PAGE_ROWS
) -> Page[Release]:
    """The newest first; of a module, where one is given."""
    query = select(Release).where(IS_PUBLISHED)
    if module:
        query = query.where(_of_module(module))
    columns = Release.published_at, Release.id
    return newest_first(session, query, columns, cursor, rows)


def latest(session: Session, most: int) -> Sequence[Release]:
    query = select(Release).where(IS_PUBLISHED)
    return session.scalars(
        query.order_by(Release.published_at.desc(), Release.id.desc()).limit(most)
    ).all()


def newest_at(session: Session) -> datetime | None:
    """When the newest was published that can be read now."""
    query = select(Release.published_at).where(IS_PUBLISHED)
    return session.scalar(query.order_by(Release.published_at.desc(), Release.id.desc()).limit(1))


def by_number(session: Session, actor: Actor | None, number: int) -> Release | None:
    """What is published; for those who write notes also what was withdrawn."""
    query = select(Release).where(Release.number == number)
    if actor is None or not actor.may(Permission.WRITE_NEWS):
        query = query.where(IS_PUBLISHED)
    return session.scalar(query)


def published_by_id(session: Session, key: UUID) -> Release | None:
    return session.scalar(select(Release).where(Release.id == key, IS_PUBLISHED))


def in_language(session: Session, releases: Iterable[Release], language: str) -> list[Note]:
    """In the order given, without bodies; what has no words in the language in another's."""
    return _with_words(session, list(releases), language, whole=False)


def whole(session: Session, release: Release, language: str) -> Note | None:
    found = _with_words(session, [release], language, whole=True)
    return found[0] if found else None


def with_bodies(session: Session, releases: Iterable[Release], language: str) -> list[Note]:
    return _with_words(session, list(releases), language, whole=True)


def texts(session: Session, release_id: UUID) -> dict[str, ReleaseText]:
    """By language."""
    rows = session.scalars(select(ReleaseText).where(ReleaseText.release_id == release_id))
    return {row.language: row for row in rows}


def _with_words(
    session: Session, releases: list[Release], language: str, *, whole: bool
) -> list[Note]:
    query = select(ReleaseText).where(ReleaseText.release_id.in_([one.id for one in releases]))
    if not whole:
        query = query.options(defer(ReleaseText.body), defer(ReleaseText.body_html))
    known: dict[UUID, dict[str, ReleaseText]] = {}
    for text in session.scalars(query) if releases else ():
        known.setdefault(text.release_id, {})[text.language] = text
    return [
        Note(one, _chosen(known[one.id], language), sorted(known[one.id]))
        for one in releases
        if one.id in known
    ]


def _chosen(words: dict[str, ReleaseText], language: str) -> ReleaseText:
    return words.get(language) or words[min(words)]


def _of_module(module: str) -> ColumnElement[bool]:
    """Keys stand in quotes there, on every database."""
    return cast(Release.modules, Text).contains(f'"{module}"', autoescape=True)
