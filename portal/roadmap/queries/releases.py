"""The notes in which items are announced, once these are published."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.releases.addresses import note_path
from portal.releases.models import Release, ReleaseText, State

CHOICES: Final = 50


@dataclass(frozen=True, slots=True)
class Told:
    """`titles` by language."""

    number: int
    version: str
    titles: dict[str, str]

    def title(self, language: str) -> str:
        codes = (language, *LOCALES, *self.titles)
        return next((self.titles[code] for code in codes if self.titles.get(code)), "")

    def path(self, language: str) -> str:
        return note_path(self.number, self.title(language))


def told(session: Session, releases: Collection[UUID]) -> dict[UUID, Told]:
    """What is published of these; nothing is asked where there are none."""
    if not releases:
        return {}
    query = (
        select(Release, ReleaseText.language, ReleaseText.title)
        .join(ReleaseText, ReleaseText.release_id == Release.id)
        .where(Release.id.in_(releases), Release.state == State.PUBLISHED)
    )
    found: dict[UUID, Told] = {}
    for release, language, title in session.execute(query).all():
        if release.number is not None:
            known = found.setdefault(release.id, Told(release.number, release.version, {}))
            known.titles[language] = title
    return found


def state(session: Session, releases: Collection[UUID]) -> Hashable:
    """Another one whenever the cards of items would say something else of these."""
    if not releases:
        return ()
    query = select(Release.id, Release.number, Release.version)
    there = Release.id.in_(releases), Release.state == State.PUBLISHED
    return frozenset(tuple(row) for row in session.execute(query.where(*there)))


def choices(session: Session) -> list[tuple[UUID, str, str]]:
    """Key, version and title of the latest, whatever their state: for those who run the roadmap."""
    newest = select(Release).order_by(Release.created_at.desc(), Release.id.desc()).limit(CHOICES)
    rows = session.scalars(newest).all()
    words = select(ReleaseText).where(ReleaseText.release_id.in_([row.id for row in rows]))
    titles: dict[UUID, str] = {}
    for text in session.scalars(words.order_by(ReleaseText.language)):
        titles.setdefault(text.release_id, text.title)
    return [(row.id, row.version, titles.get(row.id, "")) for row in rows]


def by_key(session: Session, key: UUID) -> Release | None:
    return session.get(Release, key)
