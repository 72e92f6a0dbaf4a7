"""Articles as programs list them: without their text, from one place on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, or_, select
from sqlalchemy.orm import Session

from portal.core.audience import Reader
from portal.core.permissions import PORTAL
from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page
from portal.kb.models import Article, Category, Topic, Video
from portal.kb.queries.gates import readable
from portal.kb.queries.reading import rows


@dataclass(frozen=True, slots=True)
class Wanted:
    language: str
    module: str = ""
    category: str = ""
    role: str = ""
    since: datetime | None = None


def listed(
    session: Session, reader: Reader, wanted: Wanted, cursor: Cursor | None, limit: int
) -> Page[Row[Any]]:
    """Last published first."""
    query = _brief(reader).where(Article.language == wanted.language, *_narrowing(wanted))
    return newest_first(session, query, (Article.published_at, Article.id), cursor, limit, _read)


def by_ids(session: Session, reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    found = rows(session, _by_ids(reader), {"ids": list(ids)})
    return {row.id: row for row in found}


@cache
def _by_ids(reader: Reader) -> Select[*tuple[Any, ...]]:
    return _brief(reader).where(Article.id.in_(bindparam("ids", expanding=True)))


@cache
def _brief(reader: Reader) -> Select[*tuple[Any, ...]]:
    """With the category's key and the video's slug, where the reader may see it."""
    seen = and_(Video.id == Topic.video_id, Video.is_published, readable(Video, reader))
    return (
        select(
            Article.id,
            Article.slug,
            Article.title,
            Article.summary,
            Article.language,
            Article.view_count,
            Article.helpful_count,
            Article.not_helpful_count,
            Article.is_published,
            Article.published_at,
            Article.created_at,
            Article.updated_at,
            Topic.module_tag,
            Topic.role_tags,
            Topic.platform_version,
            Category.key.label("category"),
            Video.slug.label("video"),
        )
        .join(Topic, Topic.id == Article.topic_id)
        .outerjoin(Category, Category.id == Topic.category_id)
        .outerjoin(Video, seen)
        .where(Article.is_published, readable(Topic, reader))
    )


def _narrowing(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.module:
        asked.append(Topic.module_tag == wanted.module)
    if wanted.category:
        asked.append(Category.key == wanted.category)
    if wanted.role:
        asked.append(_for_role(wanted.role))
    if wanted.since:
        asked.append(Article.updated_at >= wanted.since)
    return asked


def _for_role(role: str) -> ColumnElement[bool]:
    """What names no role is for everybody who works at a builder."""
    named = cast(Topic.role_tags, String).like(f'%"{role}"%')
    return named if role in PORTAL else or_(named, cast(Topic.role_tags, String) == "[]")


def _read(session: Session, query: Select[Any]) -> list[Any]:
    return list(session.connection().execute(query))
