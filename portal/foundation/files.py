"""What every row about a file of the store says, and a file as a form hands it over."""

from datetime import datetime
from typing import IO, Any, Protocol

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.storage import Store, Stored


class Upload(Protocol):
    """`content_length` is 0 when the browser did not say."""

    filename: str | None
    stream: IO[bytes]

    @property
    def content_length(self) -> int: ...


class FileColumns:
    """Mixin. `width` and `height` are in pixels, and None for what is no picture."""

    filename: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200))
    preview_key: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime]


def put(store: Store, upload: Upload, limit: int) -> Stored:
    """Raises RefusedFile and StoreUnavailable."""
    return store.put(
        upload.stream,
        filename=upload.filename or "",
        limit_bytes=limit,
        announced_bytes=upload.content_length or None,
    )


def columns(stored: Stored, at: datetime) -> dict[str, Any]:
    """Of `FileColumns`."""
    return {
        "filename": stored.filename,
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "storage_key": stored.key,
        "width": stored.width,
        "height": stored.height,
        "created_at": at,
    }
