"""Films about workflows: words and captions in each language, the film itself here or elsewhere."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts import audit
from portal.core import captions
from portal.core.audience import Audience, gates
from portal.core.captions import Chapter, Cue
from portal.core.permissions import Actor, Permission
from portal.core.slugs import slug_of
from portal.foundation.collisions import TAKEN, refusing
from portal.foundation.storage import Store
from portal.kb.addresses import video_path
from portal.kb.models import KbFile, Topic, Video, VideoText
from portal.kb.queries import videos as queries
from portal.kb.service import files
from portal.search import service as search
from portal.search.documents import Document

KIND: Final = "video"
ELSEWHERE: Final = {
    "youtube": re.compile(
        r"(?:https?://)?(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|embed/|"
        r"shorts/)|youtu\.be/)(?P<id>[\w-]{11})(?:[?&#]\S*)?|(?P<only>[\w-]{11})",
        re.ASCII,
    ),
    "vimeo": re.compile(
        r"(?:https?://)?(?:www\.|player\.)?vimeo\.com/(?:video/)?(?P<id>\d{5,12})(?:[?/#]\S*)?|"
        r"(?P<only>\d{5,12})",
        re.ASCII,
    ),
}
"""Where a film may be, and how its address or key looks there."""


@dataclass(frozen=True, slots=True)
class Said:
    """A film's words in one language. Without captions, `transcript` is what was typed."""

    title: str
    description: str = ""
    chapters: Sequence[Chapter] = ()
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class VideoWords:
    """`slug` "" is made of the title. `external_id` is the key at the provider, "" for our own."""

    texts: Mapping[str, Said]
    slug: str = ""
    module: str = ""
    workflow: str = ""
    audience: Audience = Audience.PUBLIC
    roles: Sequence[str] = ()
    provider: str = "file"
    external_id: str = ""
    seconds: int = 0
    position: int = 0
    is_published: bool = False


@dataclass
class Material:
    """What was uploaded this time, by language; the rest stays as it was."""

    films: dict[str, KbFile] = field(default_factory=dict)
    captions: dict[str, Sequence[Cue]] = field(default_factory=dict)
    poster: KbFile | None = None


class SlugTaken(Exception):
    """Another video has this address."""


class NothingToShow(Exception):
    """It can't be published without a film."""


class ChangedMeanwhile(Exception):
    """Somebody else has saved since it was opened. Nothing was changed."""


def external_id(provider: str, typed: str) -> str:
    """Of an address or a key of the provider's; "" for what is neither."""
    found = ELSEWHERE[provider].fullmatch(typed.strip())
    return "" if found is None else found["id"] or found["only"]


def add(
    session: Session,
    store: Store,
    words: VideoWords,
    material: Material,
    *,
    by: Actor,
    at: datetime,
) -> Video:
    """Raises SlugTaken and NothingToShow."""
    by.require(Permission.PUBLISH_ARTICLES)
    video = Video(created_at=at, texts=[])
    _write(session, store, video, words, material, by=by, at=at)
    audit.record(session, "video.added", by=by, at=at, about=video.slug)
    return video


def save(
    session: Session,
    store: Store,
    video: Video,
    words: VideoWords,
    material: Material,
    *,
    seen: int,
    by: Actor,
    at: datetime,
) -> None:
    """`video` comes with its texts. Raises ChangedMeanwhile, SlugTaken and NothingToShow."""
    by.require(Permission.PUBLISH_ARTICLES)
    if video.version != seen:
        raise ChangedMeanwhile
    before = video.slug
    _write(session, store, video, words, material, by=by, at=at)
    moved = "" if video.slug == before else before
    audit.record(session, "video.saved", by=by, at=at, about=video.slug, before=moved)


def remove(session: Session, video: Video, *, by: Actor, at: datetime) -> None:
    """Its files stay: articles may show them."""
    by.require(Permission.PUBLISH_ARTICLES)
    session.execute(update(Topic).where(Topic.video_id == video.id).values(video_id=None))
    for text in video.texts:
        search.remove(session, KIND, video.id, text.language, at=at)
        session.delete(text)
    session.flush()
    session.delete(video)
    session.flush()
    audit.record(session, "video.removed", by=by, at=at, about=video.slug)


def _write(
    session: Session,
    store: Store,
    video: Video,
    words: VideoWords,
    material: Material,
    *,
    by: Actor,
    at: datetime,
) -> None:
    slug = words.slug or slug_of(next(said.title for said in words.texts.values()))
    other = queries.video_by_slug(session, slug)
    if other is not None and other is not video:
        raise SlugTaken(slug)
    texts = {text.language: text for text in video.texts}
    if words.is_published and not _is_there(words, material, texts.values()):
        raise NothingToShow
    try:
        with refusing(session, SlugTaken(slug), TAKEN):
            _place(video, words, slug, at)
            if material.poster is not None:
                video.poster_id = material.poster.id
            session.add(video)
            session.flush()
    except StaleDataError as error:  # at the very same time
        raise ChangedMeanwhile from error
    for language in texts.keys() - words.texts.keys():
        search.remove(session, KIND, video.id, language, at=at)
        video.texts.remove(texts[language])
        session.delete(texts[language])
    for language, said in words.texts.items():
        text = texts.get(language) or VideoText(language=language)
        if text not in video.texts:
            video.texts.append(text)
        _say(session, store, text, said, material, by=by, at=at)
    session.flush()
    _tell(session, video, at=at)


def _is_there(words: VideoWords, material: Material, texts: Iterable[VideoText]) -> bool:
    if words.provider != "file":
        return bool(words.external_id)
    return bool(material.films) or any(text.file_id for text in texts)


def _place(video: Video, words: VideoWords, slug: str, at: datetime) -> None:
    video.slug, video.module_tag, video.workflow = slug, words.module, words.workflow
    video.audience, video.role_tags = words.audience, list(words.roles)
    video.provider, video.external_id = words.provider, words.external_id
    video.seconds, video.position = words.seconds, words.position
    video.is_published, video.updated_at = words.is_published, at


def _say(
    session: Session,
    store: Store,
    text: VideoText,
    said: Said,
    material: Material,
    *,
    by: Actor,
    at: datetime,
) -> None:
    language = text.language
    text.title, text.description = said.title, said.description
    text.chapters = [{"at": one.at, "title": one.title} for one in said.chapters]
    if language in material.films:
        text.file_id = material.films[language].id
    cues = material.captions.get(language)
    if cues is not None:
        upload = _Written(captions.webvtt(cues), f"{language}.vtt")
        text.captions_id = files.keep_captions(session, store, upload, by=by, at=at).id
        text.cues = [[cue.at, cue.until, cue.text] for cue in cues]
    if text.captions_id is not None:
        text.transcript = "\n".join(words for _at, _until, words in text.cues or ())
    else:
        text.transcript = said.transcript


class _Written:
    """Our own words as an upload."""

    content_length = 0

    def __init__(self, content: str, filename: str) -> None:
        self.filename: str | None = filename
        self.stream: IO[bytes] = io.BytesIO(content.encode())


def _tell(session: Session, video: Video, *, at: datetime) -> None:
    for text in video.texts:
        if video.is_published:
            search.put(session, _document(video, text), at=at)
        else:
            search.remove(session, KIND, video.id, text.language, at=at)


def _document(video: Video, text: VideoText) -> Document:
    return Document(
        kind=KIND,
        object_id=video.id,
        group_id=video.id,
        language=text.language,
        title=text.title,
        slug=video.slug,
        path=video_path(text.language, video.slug),
        gates=gates(Audience(video.audience), video.role_tags),
        roles=video.role_tags,
        module=video.module_tag,
        labels=[video.workflow] if video.workflow else [],
        headings=[one["title"] for one in text.chapters],
        summary=text.description,
        body=text.transcript,
    )
