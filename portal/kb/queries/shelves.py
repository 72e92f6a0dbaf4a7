"""What stands where in the help centre, of what a reader may read."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from portal.core.audience import Reader
from portal.kb.models import Article, Category, KbFile, Topic, Video, VideoText
from portal.kb.queries.gates import readable
from portal.kb.queries.reading import Rows, in_category, rows
from portal.kb.shelves import worded
from portal.search.models import DocumentRow

A_PAGE: Final = 100
SOME: Final = 6
FILMS: Final = 3

_CATEGORIES = select(
    Category.id,
    Category.parent_id,
    Category.key,
    Category.module,
    Category.titles,
    Category.descriptions,
).order_by(Category.position, Category.key)
_EDITION = select(func.max(DocumentRow.seq))


def categories(session: Session) -> Rows:
    """All of them, in their order."""
    return rows(session, _CATEGORIES, {})


def titles(session: Session, language: str, keys: Collection[str]) -> dict[str, str]:
    """Of these categories, by key: for lists of what was found."""
    return {
        row.key: worded(row.titles, language, row.key)
        for row in rows(session, _TITLES, {"keys": list(keys)})
    }


_TITLES = select(Category.key, Category.titles).where(
    Category.key.in_(bindparam("keys", expanding=True))
)


def edition(session: Session) -> int:
    """Rises with whatever is published, moved or taken away: what was counted holds until then."""
    return session.connection().execute(_EDITION).scalar() or 0


def counts(session: Session, reader: Reader) -> Mapping[tuple[str, UUID | None], int]:
    """How many articles stand in a category itself, by language. Reads all there are."""
    return {
        (row.language, row.category_id): row.number for row in rows(session, _counts(reader), {})
    }


@cache
def _counts(reader: Reader) -> Select[Any]:
    number = func.count().label("number")
    return _of_reader(reader, Article.language, Topic.category_id, number).group_by(
        Article.language, Topic.category_id
    )


def most_read(session: Session, reader: Reader, language: str) -> Rows:
    return rows(session, _most_read(reader), {"language": language})


@cache
def _most_read(reader: Reader) -> Select[Any]:
    read = _brief(reader).where(Article.view_count > 0)
    return read.order_by(Article.view_count.desc()).limit(SOME)


def for_role(session: Session, reader: Reader, language: str, role: str) -> Rows:
    """What names the role."""
    return rows(session, _for_role(reader), {"language": language, "role": f'%"{role}"%'})


@cache
def _for_role(reader: Reader) -> Select[Any]:
    named = cast(Topic.role_tags, String).like(bindparam("role"))
    return _brief(reader).where(named).order_by(Article.view_count.desc()).limit(SOME)


def newest(session: Session, reader: Reader, language: str) -> Rows:
    return rows(session, _newest(reader), {"language": language})


@cache
def _newest(reader: Reader) -> Select[Any]:
    return _brief(reader).order_by(Article.published_at.desc(), Article.id.desc()).limit(SOME)


def films(session: Session, reader: Reader, language: str) -> Rows:
    """Some of those that are spoken or told of in the language."""
    return rows(session, _films(reader), {"language": language})


@cache
def _films(reader: Reader) -> Select[*tuple[Any, ...]]:
    shown = _film.where(Video.is_published, readable(Video, reader))
    return shown.order_by(Video.module_tag, Video.position, Video.id).limit(FILMS)


_film = (
    select(
        Video.slug,
        Video.seconds,
        VideoText.title,
        KbFile.id.label("poster_id"),
        KbFile.filename.label("poster_name"),
    )
    .join(VideoText, VideoText.video_id == Video.id)
    .outerjoin(KbFile, KbFile.id == Video.poster_id)
    .where(VideoText.language == bindparam("language"))
)


def film_of(session: Session, reader: Reader, video_id: UUID, language: str) -> Row[Any] | None:
    """What an article tells as a film."""
    asked = {"video_id": video_id, "language": language}
    return next(iter(rows(session, _film_of(reader), asked)), None)


@cache
def _film_of(reader: Reader) -> Select[*tuple[Any, ...]]:
    shown = _film.where(Video.is_published, readable(Video, reader))
    return shown.where(Video.id == bindparam("video_id"))


def standing_in(
    session: Session, reader: Reader, language: str, category_id: UUID | None, page: int
) -> Rows:
    """The articles of a category itself, or of none; one more than a page has."""
    asked = {"language": language, "category_id": category_id, "skipped": (page - 1) * A_PAGE}
    return rows(session, _standing_in(reader, category_id is None), asked)


@cache
def _standing_in(reader: Reader, is_loose: bool) -> Select[Any]:
    here = _brief(reader).where(in_category(is_loose))
    return here.order_by(Topic.position, Topic.id).limit(A_PAGE + 1).offset(bindparam("skipped"))


def _brief(reader: Reader) -> Select[Any]:
    shown = _of_reader(
        reader,
        Article.slug,
        Article.title,
        Article.summary,
        Article.updated_at,
        Article.published_at,
        Topic.platform_version,
    )
    return shown.where(Article.language == bindparam("language"))


def _of_reader(reader: Reader, *columns: Any) -> Select[Any]:
    shown = select(*columns).join(Topic, Topic.id == Article.topic_id)
    return shown.where(Article.is_published, readable(Topic, reader))
