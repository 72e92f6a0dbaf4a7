"""Whose eyes a file of the knowledge base is for: whoever may read what shows it."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, false, or_, select
from sqlalchemy.orm import Session

from portal.core.audience import Gate, Reader
from portal.kb.models import Article, FileUse, KbFile, Topic, Video, VideoText
from portal.kb.queries.gates import readable
from portal.kb.queries.reading import rows


def file(session: Session, reader: Reader, file_id: UUID) -> Row[Any] | None:
    """With `is_open`, whether nobody need sign in for it. None: it is nothing to this reader."""
    stranger = Reader(at_portal=reader.at_portal)
    found = rows(session, _file(reader, stranger), {"file_id": file_id})
    return next((row for row in found if row.is_shown or Gate.STAFF in reader.keys), None)


@cache
def _file(reader: Reader, stranger: Reader) -> Select[*tuple[Any, ...]]:
    return select(
        KbFile.filename,
        KbFile.content_type,
        KbFile.size,
        KbFile.sha256,
        KbFile.storage_key,
        KbFile.created_at,
        or_(false(), *_shown_to(reader)).label("is_shown"),
        or_(false(), *_shown_to(stranger)).label("is_open"),
    ).where(KbFile.id == bindparam("file_id"))


def _shown_to(reader: Reader) -> Iterator[ColumnElement[bool]]:
    yield (
        select(FileUse.id)
        .join(Article, Article.id == FileUse.article_id)
        .join(Topic, Topic.id == Article.topic_id)
        .where(FileUse.file_id == KbFile.id, Article.is_published, readable(Topic, reader))
        .exists()
    )
    film = select(Video.id).where(Video.is_published, readable(Video, reader))
    yield film.where(Video.poster_id == KbFile.id).exists()
    spoken = film.join(VideoText, VideoText.video_id == Video.id)
    yield spoken.where(
        or_(VideoText.file_id == KbFile.id, VideoText.captions_id == KbFile.id)
    ).exists()
