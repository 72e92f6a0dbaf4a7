"""What a person was told in the application, and how they want to be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where

_UNREAD = text("read_at IS NULL")


class Notification(Base):
    """Facts, worded when shown: in the language its reader has then. `portal_id`: at whose portal
    it stands; NULL: at the platform. One person may have business with several."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "event_id", "kind"),
        Index("ix_notifications_newest", "user_id", "portal_id", "created_at", "id"),
        Index("ix_notifications_unread", "user_id", "portal_id", **only_where(_UNREAD)),
        Index("ix_notifications_event", "event_id"),
        Index("ix_notifications_ticket", "ticket_id", **only_where("ticket_id IS NOT NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    portal_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))
    event_id: Mapped[UUID]  # the outbox event that it tells of
    kind: Mapped[str] = mapped_column(String(40))  # of kinds.KINDS
    facts: Mapped[dict[str, Any]]
    url: Mapped[str] = mapped_column(String(300))
    ticket_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Preference(Base):
    """A person's own choice for one kind; without a row the kind's default holds."""

    __tablename__ = "notification_preferences"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(40))
    in_app: Mapped[bool]
    mail: Mapped[bool]
