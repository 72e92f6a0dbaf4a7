"""The support models under which something was promised, and dated emergency windows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.entitlements import Window
from portal.foundation.db import Base
from portal.foundation.tenancy import Tenanted


class PolicyVersion(Base):
    """One state of a pack, kept whole: a ticket is judged by what it was promised under."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("pack", "digest"),)

    pack: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of source
    # everything it extends is in it; large, and read once a process
    source: Mapped[str] = mapped_column(Text, deferred=True)
    registered_at: Mapped[datetime]


class EmergencyWindow(Tenanted, Base):
    """A builder's hotline and rapid answer from `starts_at` to `ends_at`."""

    __tablename__ = "emergency_windows"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order"),
        Index("ix_emergency_windows_open", "builder_id", "ends_at"),
    )

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hotline: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    @property
    def window(self) -> Window:
        return Window(
            id=self.id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            hotline=self.hotline,
            note=self.note,
            cancelled_at=self.cancelled_at,
        )
