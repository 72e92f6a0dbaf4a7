"""Articles as readers find them: published, and only what `core.audience` lets them read.

Rows are plain: no table here is a builder's, so that nothing is narrowed, and a page is mostly what
lies ready. What each page asks is put together once a kind of reader.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, literal, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from portal.core.audience import Audience, Reader
from portal.kb.models import Article, ArticleLink, Category, Redirect, Topic
from portal.kb.queries.gates import readable

Rows = Sequence[Row[Any]]
NEAR: Final = 4  # articles to either side on the shelf
LINKED: Final = 6

_WHOLE = (
    Article.id,
    Article.topic_id,
    Article.language,
    Article.slug,
    Article.title,
    Article.summary,
    Article.body_html,
    Article.outline,
    Article.labels,
    Article.number,
    Article.is_published,
    Article.translated_from,
    Article.view_count,
    Article.helpful_count,
    Article.not_helpful_count,
    Article.published_at,
    Article.created_at,
    Article.updated_at,
    Topic.audience,
    Topic.role_tags,
    Topic.module_tag,
    Topic.platform_version,
    Topic.original_language,
    Topic.position,
    Topic.category_id,
    Topic.video_id,
    Topic.updated_at.label("placed_at"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is: in another language than was asked for, or under another slug.
    `for_good`: it will not be at the old address again."""

    language: str
    slug: str
    for_good: bool


def rows(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, object]
) -> Rows:
    """Past the session, which would make objects and narrow them to a tenant."""
    return session.connection().execute(statement, values).all()


_PUBLISHED = select(*_WHOLE).join(Topic, Topic.id == Article.topic_id).where(Article.is_published)
_AT = _PUBLISHED.where(Article.language == bindparam("language"), Article.slug == bindparam("slug"))
_BY_ID = _PUBLISHED.where(Article.id == bindparam("article_id"))


def article(session: Session, reader: Reader, language: str, slug: str) -> Row[Any] | None:
    return _open_to(reader, rows(session, _AT, {"language": language, "slug": slug}))


def article_by_id(session: Session, reader: Reader, article_id: UUID) -> Row[Any] | None:
    return _open_to(reader, rows(session, _BY_ID, {"article_id": article_id}))


def _open_to(reader: Reader, found: Rows) -> Row[Any] | None:
    return next((row for row in found if _may_read(reader, row)), None)


def _may_read(reader: Reader, row: Row[Any]) -> bool:
    return reader.may_read(Audience(row.audience), row.role_tags)


_LED_TO = (
    select(
        Article.topic_id,
        Article.language,
        Article.slug,
        Topic.audience,
        Topic.role_tags,
        Topic.original_language,
    )
    .join(Topic, Topic.id == Article.topic_id)
    .where(Article.is_published)
)
_FORMER = _LED_TO.join(Redirect, Redirect.article_id == Article.id).where(
    Redirect.slug == bindparam("slug")
)
_NAMED = _LED_TO.where(
    Article.slug == bindparam("slug"), Article.language.in_(bindparam("languages", expanding=True))
)


def moved(
    session: Session, reader: Reader, language: str, slug: str, languages: Sequence[str]
) -> Place | None:
    """Where what had this address is now: where it went, else the same in the language asked for,
    else in another. A redirect names an article, not an address: none leads to another."""
    former = _FORMER.where(Redirect.language == bindparam("language"))
    asked = {"slug": slug, "language": language, "languages": list(languages)}
    for statement in (former, _NAMED, _FORMER):
        known = [row for row in rows(session, statement, asked) if _may_read(reader, row)]
        if known:
            break
    else:
        return None
    best = min(known, key=lambda row: (row.language != row.original_language, row.language))
    same = translations(session, best.topic_id)
    here = next((row for row in same if row.language == language), best)
    return Place(here.language, here.slug, statement is former)


_TRANSLATIONS = select(
    Article.id, Article.language, Article.slug, Article.title, Article.number, Article.updated_at
).where(Article.topic_id == bindparam("topic_id"), Article.is_published)


def translations(session: Session, topic_id: UUID) -> Rows:
    """All that is published of a topic, itself included: it is open to the same people."""
    return rows(session, _TRANSLATIONS, {"topic_id": topic_id})


def is_outdated(article: Row[Any], translations: Rows) -> bool:
    """Whether what it was translated from has been published anew."""
    if article.language == article.original_language or article.translated_from is None:
        return False
    original = (one for one in translations if one.language == article.original_language)
    return any(one.number > article.translated_from for one in original)


_CHILD = (
    select(Category.id, Category.parent_id, literal(0).label("up"))
    .where(Category.id == bindparam("category_id"))
    .cte("above", recursive=True)
)
_PARENT = aliased(Category)
_ABOVE = _CHILD.union_all(
    select(_PARENT.id, _PARENT.parent_id, _CHILD.c.up + 1)
    .join(_CHILD, _CHILD.c.parent_id == _PARENT.id)
    .where(_CHILD.c.up < 20)
)
_PATH = (
    select(Category.key, Category.titles)
    .join(_ABOVE, _ABOVE.c.id == Category.id)
    .order_by(_ABOVE.c.up.desc())
)


def path_to(session: Session, category_id: UUID | None) -> Rows:
    """The categories above an article, the widest first."""
    return [] if category_id is None else rows(session, _PATH, {"category_id": category_id})


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`before` and `after` on the shelf, the nearest first; `linked` by a link either way."""

    before: Rows
    after: Rows
    linked: Rows


def neighbours(session: Session, reader: Reader, of: Row[Any]) -> Neighbours:
    found = rows(
        session,
        _neighbours(reader, of.category_id is None),
        {
            "language": of.language,
            "category_id": of.category_id,
            "position": of.position,
            "topic_id": of.topic_id,
            "article_id": of.id,
        },
    )
    before, after, linked = ([row for row in found if row.kind == kind] for kind in range(3))
    before.sort(key=_place, reverse=True)
    after.sort(key=_place)
    return Neighbours(before, after, linked)


def _place(row: Row[Any]) -> tuple[int, UUID]:
    return row.position, row.topic_id


_HERE = tuple_(bindparam("position"), bindparam("topic_id", type_=Topic.id.type))


def in_category(is_loose: bool) -> ColumnElement[bool]:
    """The one that is asked for, or none."""
    if is_loose:
        return Topic.category_id.is_(None)
    return Topic.category_id == bindparam("category_id")


@cache
def _neighbours(reader: Reader, is_loose: bool) -> Select[Any]:
    shown = (
        select(
            Article.slug,
            Article.title,
            Article.summary,
            Topic.id.label("topic_id"),
            Topic.position,
        )
        .join(Topic, Topic.id == Article.topic_id)
        .where(
            Article.language == bindparam("language"),
            Article.is_published,
            readable(Topic, reader),
        )
    )
    shelf = shown.where(in_category(is_loose))
    place = tuple_(Topic.position, Topic.id)
    backwards = (Topic.position.desc(), Topic.id.desc())
    before = shelf.where(place < _HERE).order_by(*backwards).limit(NEAR)
    after = shelf.where(place > _HERE).order_by(Topic.position, Topic.id).limit(NEAR)
    out = shown.join(ArticleLink, ArticleLink.topic_id == Topic.id).where(
        ArticleLink.article_id == bindparam("article_id"), Topic.id != bindparam("topic_id")
    )
    back = shown.join(ArticleLink, ArticleLink.article_id == Article.id).where(
        ArticleLink.topic_id == bindparam("topic_id"), Topic.id != bindparam("topic_id")
    )
    parts = ((before, 0), (after, 1), (out.limit(LINKED), 2), (back.limit(LINKED), 2))
    whole = union_all(
        *(select(literal(kind).label("kind"), *part.subquery().c) for part, kind in parts)
    ).subquery()
    return select(whole)
