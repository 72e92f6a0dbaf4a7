"""Pictures, videos and captions of the knowledge base: known by their bytes, kept by the store."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.foundation.filenames import extension
from portal.foundation.files import Upload, columns, put
from portal.foundation.storage import RefusedFile, Store, Stored
from portal.kb.models import KbFile
from portal.kb.queries import editing as queries

VIDEOS: Final = frozenset({"video/mp4", "video/webm"})
CAPTIONS: Final = "text/vtt"
CAPTIONS_LIMIT: Final = 1024 * 1024
MOST_SHAPES: Final = 200


class BadShapes(ValueError):
    """What was drawn is not what our drawing board draws."""


def keep_picture(
    session: Session,
    store: Store,
    upload: Upload,
    *,
    by: Actor,
    at: datetime,
    limit: int,
    source: str | None = None,
) -> KbFile:
    """The same picture twice is one. Raises RefusedFile and StoreUnavailable."""
    stored = put(store, upload, limit)
    if stored.kind != "image":
        store.delete(stored.key)
        suffix = extension(stored.filename)
        raise RefusedFile("not_an_image", stored.filename, extension=suffix)
    same = queries.same_file(session, stored.sha256, stored.filename)
    if same is not None:
        store.delete(stored.key)
        return same
    return _add(session, stored, by=by, at=at, source=source)


def keep_video(
    session: Session, store: Store, upload: Upload, *, by: Actor, at: datetime, limit: int
) -> KbFile:
    """MP4 or WebM. Raises RefusedFile (also not_a_video) and StoreUnavailable."""
    stored = put(store, upload, limit)
    if stored.content_type not in VIDEOS:
        store.delete(stored.key)
        raise RefusedFile("not_a_video", stored.filename)
    return _add(session, stored, by=by, at=at)


def keep_captions(
    session: Session, store: Store, upload: Upload, *, by: Actor, at: datetime
) -> KbFile:
    """WebVTT. Raises RefusedFile (also not_captions) and StoreUnavailable."""
    stored = put(store, upload, CAPTIONS_LIMIT)
    if not _begins_as_captions(store, stored):
        store.delete(stored.key)
        raise RefusedFile("not_captions", stored.filename)
    return _add(session, stored, by=by, at=at, content_type=CAPTIONS)


def annotate(
    session: Session,
    store: Store,
    file: KbFile,
    upload: Upload,
    shapes: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> KbFile:
    """A picture with what was drawn over another one, which stays: both can be had again. Raises
    BadShapes, RefusedFile and StoreUnavailable."""
    if len(shapes) > MOST_SHAPES or not all(isinstance(shape, dict) for shape in shapes):
        raise BadShapes
    stored = put(store, upload, limit)
    if stored.kind != "image":
        store.delete(stored.key)
        raise RefusedFile("not_an_image", stored.filename, extension="")
    drawn = _add(session, stored, by=by, at=at)
    drawn.original_id = file.original_id or file.id
    drawn.annotations = [dict(shape) for shape in shapes]
    session.flush()
    return drawn


def _begins_as_captions(store: Store, stored: Stored) -> bool:
    with store.open(stored.key) as file:
        return file.read(16).removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")


def _add(
    session: Session,
    stored: Stored,
    *,
    by: Actor,
    at: datetime,
    content_type: str = "",
    source: str | None = None,
) -> KbFile:
    by.require(Permission.WRITE_ARTICLES)
    file = KbFile(source=source, uploaded_by=by.user_id, **columns(stored, at))
    file.content_type = content_type or stored.content_type
    session.add(file)
    session.flush()
    return file
