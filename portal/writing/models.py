"""What people have typed and not sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base
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
