"""Logos and icons that builders give us: checked by decoding, drawn anew, kept by digest."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.branding import queries
from portal.branding.look import Picture, Size
from portal.branding.models import BrandImage
from portal.foundation.ids import uuid7
from portal.foundation.storage import Readable, Store

LIMIT_BYTES: Final = 2_000_000
MOST_PIXELS: Final = 16_000_000
BOX: Final = (480, 120)  # pixels of a page that a logo may take
ICONS: Final = (32, 180, 512)  # pixels: a tab, a phone's home screen, an app
TYPES: Final = ("PNG", "JPEG", "WEBP", "GIF")
EXTENSION: Final = "png"
CONTENT_TYPE: Final = "image/png"
_SIGNATURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
_MARKUP: Final = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script", b"<?php", b"#!", b"%pdf")


class RefusedPicture(ValueError):
    """`reason`: empty, too_large, a_program (SVG, HTML, scripts), not_a_picture, broken or
    too_many_pixels."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take(
    session: Session,
    store: Store,
    stream: Readable,
    *,
    kind: str,
    builder_id: UUID,
    at: datetime,
) -> Picture:
    """Keep a picture in every size that a `kind` (logo, logo_dark, icon) has. Raises RefusedPicture
    or StoreUnavailable, and then keeps nothing."""
    content = _read(stream)
    # loads the decoders: megabytes in every process, for what few of them ever see
    from portal.branding import drawing

    upload = uuid7()
    rows = []
    for drawn in drawing.sizes(content, kind):
        filename = f"{kind}-{drawn.size}.{EXTENSION}"
        stored = store.put(BytesIO(drawn.png), filename=filename)
        rows.append(
            BrandImage(
                builder_id=builder_id,
                upload_id=upload,
                size=drawn.size,
                digest=drawn.digest,
                width=drawn.width,
                height=drawn.height,
                storage_key=stored.key,
                created_at=at,
            )
        )
    session.add_all(rows)
    session.flush()
    return _picture(rows)


def taken(session: Session, builder_id: UUID, upload: str) -> Picture | None:
    """What the builder gave us before; nothing for anybody else's."""
    try:
        rows = queries.images_of_upload(session, builder_id, UUID(upload))
    except ValueError:
        return None
    return _picture(rows) if rows else None


def _picture(rows: Sequence[BrandImage]) -> Picture:
    sizes = {row.size: Size(row.digest, EXTENSION, row.width, row.height) for row in rows}
    return Picture(str(rows[0].upload_id), sizes)


def _read(stream: Readable) -> bytes:
    content = stream.read(LIMIT_BYTES + 1)
    if not content:
        raise RefusedPicture("empty")
    if len(content) > LIMIT_BYTES:
        raise RefusedPicture("too_large")
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_MARKUP):
        raise RefusedPicture("a_program")
    if not content.startswith(_SIGNATURES):
        raise RefusedPicture("not_a_picture")
    return content
