"""Films: as readers find them, and all of them for editors."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core.audience import Reader
from portal.core.languages import nearest
from portal.kb.models import KbFile, Video, VideoText
from portal.kb.queries.gates import readable


@dataclass(frozen=True, slots=True)
class Film:
    """A video with its words in the language nearest to the wanted one."""

    video: Video
    text: VideoText
    poster: KbFile | None

    @property
    def language(self) -> str:
        return self.text.language


def library(session: Session, reader: Reader, language: str) -> Sequence[Film]:
    """By module, workflow and position."""
    rows = (
        select(Video)
        .where(Video.is_published, readable(Video, reader))
        .order_by(Video.module_tag, Video.workflow, Video.position, Video.id)
        .options(selectinload(Video.texts).defer(VideoText.transcript).defer(VideoText.cues))
    )
    found = session.scalars(rows).all()
    posters = files(session, {one.poster_id for one in found if one.poster_id})
    return [
        Film(one, text, posters.get(one.poster_id) if one.poster_id else None)
        for one in found
        if (text := text_in(one, language)) is not None
    ]


def shown(session: Session, reader: Reader, slug: str) -> Video | None:
    """With its texts; None for what the reader may not see."""
    return session.scalar(
        select(Video)
        .where(Video.slug == slug, Video.is_published, readable(Video, reader))
        .options(selectinload(Video.texts))
    )


def text_in(video: Video, language: str) -> VideoText | None:
    texts = {text.language: text for text in video.texts}
    there = nearest(texts, language)
    return texts[there] if there is not None else None


def film_in(video: Video, language: str) -> VideoText | None:
    """Whose recording is shown: the language's own, or the nearest that there is."""
    spoken = {text.language: text for text in video.texts if text.file_id is not None}
    there = nearest(spoken, language)
    return spoken[there] if there is not None else None


def files(session: Session, keys: Collection[UUID]) -> Mapping[UUID, KbFile]:
    if not keys:
        return {}
    return {one.id: one for one in session.scalars(select(KbFile).where(KbFile.id.in_(keys)))}


def videos(session: Session) -> Sequence[Video]:
    """All, for editors."""
    rows = select(Video).order_by(Video.module_tag, Video.position, Video.id)
    return session.scalars(rows.options(selectinload(Video.texts))).all()


def video(session: Session, key: UUID) -> Video | None:
    rows = select(Video).where(Video.id == key).options(selectinload(Video.texts))
    return session.scalar(rows)


def video_by_slug(session: Session, slug: str) -> Video | None:
    return session.scalar(select(Video).where(Video.slug == slug))
