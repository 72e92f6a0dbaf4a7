"""What belongs to the screens of the demo's host app, and a film for its help centre."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.accounts.service import LOCALES
from portal.core import captions
from portal.core.captions import Chapter
from portal.core.permissions import Actor
from portal.foundation.storage import Store
from portal.guidance.service import documents, exchange
from portal.guidance.service.exchange import Report
from portal.kb.service import files, videos
from portal.kb.service.videos import Material, Said, VideoWords

HELP: Final = Path(__file__).parent / "help"
FILM: Final = "first-schedule"
LIMIT: Final = 1024 * 1024
SAID: Final = {
    "en": Said(
        "Your first schedule",
        "Add a task, let it wait for another one, say who does it, and publish.",
        (
            Chapter(3, "Add a task"),
            Chapter(8, "Link it"),
            Chapter(13, "Move what it waits for"),
            Chapter(18, "Say who does it"),
            Chapter(21, "Publish"),
        ),
    ),
    "es": Said(
        "Tu primer cronograma",
        "Añade una tarea, haz que espere a otra, di quién la hace y publica.",
        (
            Chapter(3, "Añadir una tarea"),
            Chapter(8, "Enlazarla"),
            Chapter(13, "Mover lo que espera"),
            Chapter(18, "Decir quién la hace"),
            Chapter(21, "Publicar"),
        ),
    ),
}


def explain(session: Session, *, by: Actor, at: datetime) -> Report:
    """After the articles and films that it names."""
    content = (HELP / "guidance.toml").read_text("utf-8")
    return exchange.take(session, documents.read(content, LOCALES), by=by, at=at)


def film(session: Session, store: Store, *, by: Actor, at: datetime) -> None:
    taken: dict[str, Any] = {"by": by, "at": at, "limit": LIMIT}
    material = Material(
        films={"en": files.keep_video(session, store, _upload("webm"), **taken)},
        captions={
            language: captions.read(_path(f"{language}.vtt").read_text("utf-8"))
            for language in SAID
        },
        poster=files.keep_picture(session, store, _upload("png"), **taken),
    )
    words = VideoWords(
        SAID,
        FILM,
        module="scheduling",
        workflow="",
        seconds=28,
        is_published=True,
    )
    videos.add(session, store, words, material, by=by, at=at)


def _upload(suffix: str) -> FileStorage:
    path = _path(suffix)
    return FileStorage(io.BytesIO(path.read_bytes()), filename=path.name)


def _path(suffix: str) -> Path:
    return HELP / "videos" / f"{FILM}.{suffix}"
