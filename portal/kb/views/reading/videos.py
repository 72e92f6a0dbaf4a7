"""Films: the library, and the page on which one is watched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import g
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.audience import Audience
from portal.core.captions import clock
from portal.core.permissions import Permission
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.headers import POLICY
from portal.foundation.web.site import is_portal
from portal.kb.addresses import file_path, video_path, videos_path
from portal.kb.models import KbFile, Video, VideoText
from portal.kb.queries import videos as queries
from portal.kb.queries.videos import Film
from portal.kb.views.reading import metadata
from portal.kb.views.reading.blueprint import (
    IN_LANGUAGE,
    in_languages,
    missing,
    reading,
    shown,
    the_reader,
    whole,
)
from portal.policy.modules import module_name
from portal.policy.running import running_pack


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a film is when it is not here. `embed` and `page` take its key."""

    name: str
    embed: str
    page: str

    @property
    def origin(self) -> str:
        return "/".join(self.embed.split("/")[:3])


PROVIDERS: Final = {
    "youtube": Provider(
        "YouTube",
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1&rel=0",
        "https://www.youtube.com/watch?v={}",
    ),
    "vimeo": Provider(
        "Vimeo",
        "https://player.vimeo.com/video/{}?autoplay=1&dnt=1",
        "https://vimeo.com/{}",
    ),
}


@reading.get(f"{IN_LANGUAGE}/videos")
@public("films are for everybody; what is not is left out")
def videos(language: str) -> Response:
    films = queries.library(db(), the_reader(), language)
    what = _("Short films about one thing each, with captions.")
    meta = metadata.of_list(videos_path, language, _("Videos"), what, whole, feed=False)
    return shown(
        "kb/videos/library.html",
        language=language,
        languages_at=in_languages(**{code: videos_path(code) for code in LOCALES}),
        shelves=list(_shelves(films, language)),
        meta=None if is_portal() else meta,
        **_WORDS,
    )


def _shelves(films: Sequence[Film], language: str) -> Iterator[tuple[str, list[Any]]]:
    """Each module with its workflows, each workflow with its films."""
    for module, ours in groupby(films, key=lambda film: film.video.module_tag):
        name = module_name(running_pack(), module, language) if module else ""
        workflows = groupby(list(ours), key=lambda film: film.video.workflow)
        yield name, [(workflow, list(some)) for workflow, some in workflows]


@reading.get(f"{IN_LANGUAGE}/videos/<slug>")
@public("what is not for everybody is as if it were not there")
def video(language: str, slug: str) -> Response:
    found = queries.shown(db(), the_reader(), slug)
    text = queries.text_in(found, language) if found is not None else None
    if found is None or text is None:
        return missing(language, slug.replace("-", " "))
    response = _page(language, found, text)
    elsewhere = PROVIDERS.get(found.provider)
    if elsewhere is not None:
        policy = POLICY.format(nonce=g.csp_nonce)
        response.headers["Content-Security-Policy"] = f"{policy}; frame-src {elsewhere.origin}"
    return response


def _page(language: str, video: Video, text: VideoText) -> Response:
    film = queries.film_in(video, language) if video.provider == "file" else None
    keys = {key for one in video.texts for key in (one.file_id, one.captions_id)}
    known = queries.files(db(), {key for key in {*keys, video.poster_id} if key is not None})
    actor = g.get("actor")
    return shown(
        "kb/videos/video.html",
        language=language,
        languages_at=in_languages(**{code: video_path(code, video.slug) for code in LOCALES}),
        video=video,
        text=text,
        film=known.get(film.file_id) if film is not None and film.file_id else None,
        spoken=film.language if film is not None else text.language,
        poster=known.get(video.poster_id) if video.poster_id else None,
        tracks=[(one.language, known[one.captions_id]) for one in video.texts if one.captions_id],
        elsewhere=elsewhere_of(video),
        module=module_name(running_pack(), video.module_tag, language),
        can_edit=actor is not None and actor.may(Permission.PUBLISH_ARTICLES),
        meta=None if is_portal() else _meta(video, text, known),
        **_WORDS,
    )


def elsewhere_of(video: Video) -> dict[str, str] | None:
    provider = PROVIDERS.get(video.provider)
    if provider is None:
        return None
    key = video.external_id
    return {
        "name": provider.name,
        "embed": provider.embed.format(key),
        "page": provider.page.format(key),
    }


def _meta(video: Video, text: VideoText, known: Any) -> metadata.Metadata:
    address = whole(video_path(text.language, video.slug))
    if video.audience != Audience.PUBLIC:
        return metadata.Metadata(address, is_public=False)
    poster = known.get(video.poster_id) if video.poster_id else None
    places = [(one.language, whole(video_path(one.language, video.slug))) for one in video.texts]
    return metadata.Metadata(
        address,
        metadata.shortened(text.description),
        "video.other",
        text.title,
        text.language,
        whole(file_path(poster.id, poster.filename)) if poster else "",
        video.updated_at.isoformat(),
        [*sorted(places), ("x-default", places[0][1])] if len(places) > 1 else [],
        _linked_data(video, text, address, poster),
        other_languages=[one.language for one in video.texts if one is not text],
    )


def _linked_data(
    video: Video, text: VideoText, address: str, poster: KbFile | None
) -> dict[str, Any]:
    """JSON-LD, with the chapters as places in it."""
    ends = [*(one["at"] for one in text.chapters[1:]), video.seconds]
    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": text.title,
        "description": text.description or text.title,
        "inLanguage": text.language,
        "uploadDate": video.created_at.isoformat(),
        "duration": f"PT{video.seconds}S",
        "url": address,
        "thumbnailUrl": whole(file_path(poster.id, poster.filename)) if poster else address,
        "hasPart": [
            {
                "@type": "Clip",
                "name": one["title"],
                "startOffset": one["at"],
                "endOffset": end,
                "url": f"{address}?t={one['at']}",
            }
            for one, end in zip(text.chapters, ends, strict=False)
        ],
    }


_WORDS: Final[dict[str, Any]] = {
    "clock": clock,
    "file_path": file_path,
    "video_path": video_path,
    "videos_path": videos_path,
}
