"""What people have typed and not sent, and the pictures in what they have sent to everybody."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where
from portal.foundation.files import FileColumns
from portal.foundation.tenancy import Tenanted


class Draft(Base, Tenanted):
    """Unsent words, kept on the server for their writer. `place` is what they are for: a feature's
    own name for it ("new", a ticket's id with reply or note)."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "place"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    place: Mapped[str] = mapped_column(String(80))
    fields: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class Picture(FileColumns, Base):
    """In what anybody may read, once something that is there shows it; before, its bringer's."""

    __tablename__ = "written_pictures"
    __table_args__ = (
        Index("ix_written_pictures_storage_key", "storage_key"),
        Index("ix_written_pictures_loose", "created_at", **only_where("shown_at IS NULL")),
    )

    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    shown_at: Mapped[datetime | None]  # first
    hidden_at: Mapped[datetime | None]  # with the text that showed it, which may come back
