"""What everybody may read at the platform, for search engines and feed readers."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from portal.core.audience import Reader
from portal.kb.models import Article, Topic
from portal.kb.queries.gates import readable
from portal.kb.queries.reading import Rows, rows

ANYBODY: Final = Reader()
ENTRIES: Final = 50


def _public(*columns: Any) -> Select[Any]:
    shown = select(*columns).select_from(Article).join(Topic, Topic.id == Article.topic_id)
    return shown.where(Article.is_published, readable(Topic, ANYBODY))


_SOME = (
    _public(Article.topic_id)
    .distinct()
    .order_by(Article.topic_id)
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("before", type_=Integer))
)
_ADDRESSES = (
    select(Article.topic_id, Article.language, Article.slug, Article.updated_at)
    .where(Article.is_published, Article.topic_id.in_(_SOME))
    .order_by(Article.topic_id, Article.language)
)


def addresses(session: Session, before: int, most: int) -> Rows:
    """Of the articles of so many topics, after so many others; those of a topic stand together."""
    return rows(session, _ADDRESSES, {"before": before, "most": most})


_NUMBER = _public(func.count(Article.topic_id.distinct()))


def number(session: Session) -> int:
    """Of topics with something that everybody may read."""
    [[found]] = rows(session, _NUMBER, {})
    return int(found)


_CHANGED = (
    _public(
        Article.id,
        Article.slug,
        Article.title,
        Article.summary,
        Article.updated_at,
        Article.published_at,
    )
    .where(Article.language == bindparam("language"))
    .order_by(Article.published_at.desc(), Article.id.desc())
    .limit(ENTRIES)
)
_LOOSE = _CHANGED.where(Topic.category_id.is_(None))
_CHANGED_IN = _CHANGED.where(Topic.category_id.in_(bindparam("categories", expanding=True)))


def newest(session: Session, language: str) -> Rows:
    return rows(session, _CHANGED, {"language": language})


def newest_in(session: Session, language: str, categories: list[UUID]) -> Rows:
    return rows(session, _CHANGED_IN, {"language": language, "categories": categories})


def newest_loose(session: Session, language: str) -> Rows:
    """Of what is in no category."""
    return rows(session, _LOOSE, {"language": language})
