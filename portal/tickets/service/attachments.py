"""Files beside the words: kept by the store, served only to who may read the ticket."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Protocol

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation.storage import Store
from portal.tickets.models import Attachment, Message, Ticket

MOST = 10


class Upload(Protocol):
    """A file as a form hands it over; `content_length` is 0 when the browser did not say."""

    filename: str | None
    stream: IO[bytes]

    @property
    def content_length(self) -> int: ...


class TooManyFiles(ValueError):
    """More than MOST files at once."""


def keep(
    session: Session,
    store: Store,
    uploads: Iterable[Upload],
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> list[Attachment]:
    """Store the uploads, not yet tied to a ticket. Raises RefusedFile or TooManyFiles."""
    given = [upload for upload in uploads if upload.filename]
    if len(given) > MOST:
        raise TooManyFiles(f"at most {MOST} files at once")
    kept = [_keep_one(store, upload, by, at, limit) for upload in given]
    session.add_all(kept)
    session.flush()
    return kept


def _keep_one(store: Store, upload: Upload, by: Actor, at: datetime, limit: int) -> Attachment:
    stored = store.put(
        upload.stream,
        filename=upload.filename or "",
        limit_bytes=limit,
        announced_bytes=upload.content_length or None,
    )
    return Attachment(
        builder_id=by.builder_id,
        uploaded_by=by.user_id,
        filename=stored.filename,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        width=stored.width,
        height=stored.height,
        created_at=at,
    )


def tie(files: Iterable[Attachment], ticket: Ticket, message: Message | None = None) -> None:
    for file in files:
        file.ticket_id = ticket.id
        file.builder_id = ticket.builder_id
        if message is not None:
            file.message_id = message.id


def fact(file: Attachment) -> dict[str, object]:
    """How the seed's JSON names an attachment; its address is the view's to give."""
    return {"id": str(file.id), "filename": file.filename, "size": file.size}
