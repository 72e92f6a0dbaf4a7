"""Files beside the words: kept by the store, served only to who may read the ticket."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation import files
from portal.foundation.files import Upload
from portal.foundation.storage import Store
from portal.tickets.models import Attachment, Message, Ticket

MOST = 10


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
    stored = files.put(store, upload, limit)
    return Attachment(builder_id=by.builder_id, uploaded_by=by.user_id, **files.columns(stored, at))


def tie(kept: Iterable[Attachment], ticket: Ticket, message: Message | None = None) -> None:
    for file in kept:
        file.ticket_id = ticket.id
        file.builder_id = ticket.builder_id
        if message is not None:
            file.message_id = message.id


def fact(file: Attachment) -> dict[str, object]:
    """How the seed's JSON names an attachment; its address is the view's to give."""
    return {"id": str(file.id), "filename": file.filename, "size": file.size}
