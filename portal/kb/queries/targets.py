"""What texts point at, each kind by one question."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.kb.models import Article, Category, KbFile, Redirect, Video, VideoText


def articles_at(session: Session, slugs: Collection[str]) -> Mapping[str, list[Article]]:
    """Which have the address now, or had it once, in any language."""
    found: dict[str, list[Article]] = defaultdict(list)
    for article in session.scalars(select(Article).where(Article.slug.in_(slugs))):
        found[article.slug].append(article)
    former = select(Redirect.slug, Article).join(Article, Article.id == Redirect.article_id)
    for slug, article in session.execute(former.where(Redirect.slug.in_(slugs))):
        found[slug].append(article)
    return found


def articles_in(
    session: Session, topic_ids: Collection[UUID], language: str
) -> Mapping[UUID, Article]:
    """By topic."""
    rows = select(Article).where(Article.topic_id.in_(topic_ids), Article.language == language)
    return {article.topic_id: article for article in session.scalars(rows)}


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
