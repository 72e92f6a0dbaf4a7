"""What texts point at, each kind by one question."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.kb.models import Article, Category, KbFile, Redirect, Video, VideoText


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is; `asked` is an address that leads or led there."""

    id: UUID
    topic_id: UUID
    language: str
    slug: str
    title: str
    asked: str = ""


_PLACE = Article.id, Article.topic_id, Article.language, Article.slug, Article.title
# the languages are named for the sake of the indexes, which begin with them
_AT = union_all(
    select(*_PLACE, Article.slug).where(
        Article.language.in_(LOCALES), Article.slug.in_(bindparam("slugs", expanding=True))
    ),
    select(*_PLACE, Redirect.slug)
    .join(Redirect, Redirect.article_id == Article.id)
    .where(Redirect.language.in_(LOCALES), Redirect.slug.in_(bindparam("slugs", expanding=True))),
)
_IN = select(*_PLACE).where(
    Article.topic_id.in_(bindparam("topics", expanding=True)),
    Article.language == bindparam("language"),
)


def articles_at(session: Session, slugs: Collection[str]) -> Mapping[str, list[Place]]:
    """Which have the address now, or had it once, in any language."""
    found: dict[str, list[Place]] = defaultdict(list)
    for row in session.execute(_AT, {"slugs": list(slugs)}):
        found[row[5]].append(Place(*row))
    return found


def articles_in(
    session: Session, topic_ids: Collection[UUID], language: str
) -> Mapping[UUID, Place]:
    """By topic."""
    rows = session.execute(_IN, {"topics": list(topic_ids), "language": language})
    return {row[1]: Place(*row) for row in rows}


def categories_of(session: Session, keys: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """Titles by language, by key."""
    rows = select(Category.key, Category.titles).where(Category.key.in_(keys))
    return {row.key: row.titles for row in session.execute(rows)}


def files_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, KbFile]:
    rows = select(KbFile).where(KbFile.id.in_(ids))
    return {file.id: file for file in session.scalars(rows)}


def videos_of(session: Session, slugs: Collection[str], language: str) -> Mapping[str, str]:
    """Titles of those that are published, by slug."""
    rows = (
        select(Video.slug, VideoText.language, VideoText.title)
        .join(VideoText, VideoText.video_id == Video.id)
        .where(Video.slug.in_(slugs), Video.is_published)
    )
    titles: dict[str, str] = {}
    for slug, spoken, title in session.execute(rows):
        if spoken == language or slug not in titles:
            titles[slug] = title
    return titles
