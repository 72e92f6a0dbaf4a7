"""Articles and videos for editors to choose from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.languages import said
from portal.kb.models import Article, Topic, Video, VideoText

MOST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic or a video by the title that its editor reads."""

    id: UUID
    title: str
    slug: str
    audience: str
    is_published: bool


def articles_called(session: Session, words: str, language: str) -> Sequence[Choice]:
    """By a part of the title, by slug, or by a whole address."""
    rows = (
        select(Article.topic_id)
        .where(_called(Article.title, Article.slug, words))
        .order_by(Article.language != language, Article.title)
        .limit(MOST * 2)
    )
    found = list(dict.fromkeys(session.scalars(rows)))[:MOST]
    known = articles_by(session, found, language)
    return [known[one] for one in found]


def articles_by(session: Session, topics: Collection[UUID], language: str) -> Mapping[UUID, Choice]:
    rows = (
        select(
            *(Article.topic_id, Article.language, Article.title, Article.slug),
            *(Topic.audience, Article.is_published),
        )
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.topic_id.in_(topics))
    )
    return _by_id(session.execute(rows).all(), language)


def videos_called(session: Session, words: str, language: str) -> Sequence[Choice]:
    rows = (
        select(Video.id)
        .join(VideoText, VideoText.video_id == Video.id)
        .where(_called(VideoText.title, Video.slug, words))
        .order_by(VideoText.title)
        .limit(MOST * 2)
    )
    found = list(dict.fromkeys(session.scalars(rows)))[:MOST]
    known = videos_by(session, found, language)
    return [known[one] for one in found]


def videos_by(session: Session, videos: Collection[UUID], language: str) -> Mapping[UUID, Choice]:
    rows = (
        select(
            *(Video.id, VideoText.language, VideoText.title, Video.slug),
            *(Video.audience, Video.is_published),
        )
        .join(VideoText, VideoText.video_id == Video.id)
        .where(Video.id.in_(videos))
    )
    return _by_id(session.execute(rows).all(), language)


def slugs_of_articles(session: Session, topics: Collection[UUID]) -> Mapping[UUID, str]:
    """Of each topic in its original language, or in another."""
    rows = (
        select(Article.topic_id, Article.slug)
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.topic_id.in_(topics))
        .order_by(Article.language == Topic.original_language, Article.language)
    )
    return dict(session.execute(rows).all())


def slugs_of_videos(session: Session, videos: Collection[UUID]) -> Mapping[UUID, str]:
    rows = select(Video.id, Video.slug).where(Video.id.in_(videos))
    return dict(session.execute(rows).all())


def topics_of(session: Session, slugs: Collection[str]) -> Mapping[str, UUID]:
    rows = (
        select(Article.slug, Article.topic_id)
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.slug.in_(slugs))
        .order_by(Article.language == Topic.original_language, Article.language)
    )
    return dict(session.execute(rows).all())


def videos_of(session: Session, slugs: Collection[str]) -> Mapping[str, UUID]:
    rows = select(Video.slug, Video.id).where(Video.slug.in_(slugs))
    return dict(session.execute(rows).all())


def _called(
    title: InstrumentedAttribute[str], slug: InstrumentedAttribute[str], words: str
) -> ColumnElement[bool]:
    wanted = words.strip()
    last = wanted.rstrip("/").rpartition("/")[2].partition("#")[0]
    return or_(title.icontains(wanted, autoescape=True), slug == last)


def _by_id(rows: Iterable[Any], language: str) -> Mapping[UUID, Choice]:
    found: dict[UUID, dict[str, Choice]] = {}
    for id_, tongue, *rest in rows:
        found.setdefault(id_, {})[tongue] = Choice(id_, *rest)
    return {id_: one for id_, tongues in found.items() if (one := said(tongues, language))}
