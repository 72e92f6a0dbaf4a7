"""The support models under which something was promised, and dated emergency windows."""

from datetime import datetime
from typing import Any
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


class DeskRules(Tenanted, Base):
    """How a builder's own desk works: its hours and targets, and what it does with what is the
    platform's to mend. A builder without a row has the usual ones."""

    __tablename__ = "desk_rules"
    __table_args__ = (UniqueConstraint("builder_id"),)

    weekly: Mapped[
        dict[str, Any]
    ]  # "mon": "08:00-12:00, 13:00-17:00"; a day that is missing is off
    holidays: Mapped[str] = mapped_column(String(10), default="")  # of which country
    respond: Mapped[dict[str, Any]]  # by severity, as a pack says it
    settle: Mapped[dict[str, Any]]
    passes_directly: Mapped[bool] = mapped_column(default=False)  # platform issues go up unasked
    tells_progress: Mapped[bool] = mapped_column(default=False)  # clients hear how far it is
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


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
