"""Files that go before their tickets do."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from portal.foundation.db import Base
from portal.foundation.storage import Store
from portal.privacy.traces import Scope
from portal.tickets.models import Attachment, Message


def of_person(session: Session, user_id: UUID, scope: Scope, most: int) -> Sequence[Attachment]:
    within = scope.within(Base.metadata.tables["ticket_attachments"])
    own: list[ColumnElement[bool]] = [Attachment.uploaded_by == user_id]
    query = select(Attachment).where(*own, *([] if within is None else [within])).limit(most)
    return session.scalars(query).all()


def remove(session: Session, store: Store, found: Sequence[Attachment]) -> None:
    """The bytes first: as long as the row is there, somebody will come back to them."""
    for file in found:
        store.delete(file.storage_key)
        if file.message_id is not None:
            _strike(session, file.message_id, file.id)
    keys = [file.id for file in found]
    session.execute(
        delete(Attachment).where(Attachment.id.in_(keys)),
        execution_options={"synchronize_session": False},
    )


def _strike(session: Session, message_id: UUID, file_id: UUID) -> None:
    """A message lists its files by itself."""
    message = session.get(Message, message_id)
    if message is not None:
        kept = [one for one in message.attachments if one.get("id") != str(file_id)]
        message.attachments = kept
