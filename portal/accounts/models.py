"""People, the builders that they belong to, and how they prove who they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.permissions import Role
from portal.foundation.db import Base
from portal.foundation.tenancy import Tenanted

ROLES = ", ".join(f"'{role}'" for role in Role)


class Builder(Base):
    """A paying tenant of the platform: a construction company."""

    __tablename__ = "builders"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    plan: Mapped[str] = mapped_column(String(40))
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_hours: Mapped[str] = mapped_column(String(120), default="")
    success_flag_at: Mapped[datetime | None]  # customer success should look (SL-4)
    created_at: Mapped[datetime]


class User(Base):
    """A person, known by one e-mail address everywhere."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(320), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Membership(Base):
    """What a person is to a builder, or to the platform (no builder)."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "builder_id"),
        CheckConstraint(f"role IN ({ROLES})", name="role"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    builder: Mapped[Builder | None] = relationship()


class SupportAgent(Base):
    """A member of staff who takes tickets (the seed's `support_agents`)."""

    __tablename__ = "support_agents"
    __table_args__ = (CheckConstraint("tier BETWEEN 1 AND 3", name="tier"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    tier: Mapped[int]
    specialties: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["en"])
    is_available: Mapped[bool] = mapped_column(default=True)
    max_active_tickets: Mapped[int] = mapped_column(default=20)
    last_assigned_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Login(Base):
    """One signed-in browser; deleting the row signs it out at once."""

    __tablename__ = "logins"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id"))
    created_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(300), default="")


class ApiToken(Base, Tenanted):
    """A personal token: only its digest is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_membership_id", "membership_id"),)

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id"))
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditEntry(Base, Tenanted):
    """What an administrator did (see `audit.record`)."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_of_builder", "builder_id", "at", "id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    act: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    by_role: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(300), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
