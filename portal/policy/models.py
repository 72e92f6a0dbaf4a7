"""The support models that tickets were promised under, and dated emergency windows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base
from portal.foundation.tenancy import Tenanted


class PolicyVersion(Base):
    """A pack as it stood when tickets were promised under it."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("pack", "digest"),)

    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)  # the resolved document as canonical JSON
    registered_at: Mapped[datetime]


class EmergencyWindow(Base, Tenanted):
    """A builder's dated entitlement to the hotline and the rapid target (PM-10)."""

    __tablename__ = "emergency_windows"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_emergency_windows_of_builder", "builder_id", "ends_at"),
    )

    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hotline: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(300), default="")
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
