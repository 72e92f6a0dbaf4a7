"""How a builder wants to look, the hosts that are theirs, and the address that they write from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

STATES = ("pending", "verified", "failed", "lapsed")
_STATES = ", ".join(f"'{state}'" for state in STATES)
_VERIFIED = text("state = 'verified'")
_PRIMARY = text("is_primary")


class Brand(Base, Tenanted):
    """What a builder has chosen; without a row the defaults hold. `look` is `look.Look` as JSON."""

    __tablename__ = "brands"
    __table_args__ = (UniqueConstraint("builder_id"),)

    version: Mapped[int] = mapped_column(default=0)
    look: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime]

    # two who save at once: the second finds another version and is told
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class BrandVersion(Base, Tenanted):
    """One state that was saved, kept whole so that it can come back."""

    __tablename__ = "brand_versions"
    __table_args__ = (UniqueConstraint("builder_id", "number"),)

    number: Mapped[int]
    look: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(120))
    restored: Mapped[int | None]  # the number of the version that this one brought back


class BrandImage(Base, Tenanted):
    """One size of a picture that a builder gave us, drawn anew by us; `digest` is its address."""

    __tablename__ = "brand_images"
    __table_args__ = (
        Index("ix_brand_images_digest", "builder_id", "digest"),
        Index("ix_brand_images_upload", "builder_id", "upload_id"),
        Index("ix_brand_images_storage_key", "storage_key"),
    )

    upload_id: Mapped[UUID]
    size: Mapped[str] = mapped_column(String(8))  # 1x, 2x; 32, 180, 512 pixels of an icon
    digest: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Domain(Base, Tenanted):
    """A host that a builder says is theirs. Anybody may say so; who shows it in the DNS has it."""

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("builder_id", "host"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ux_domains_verified", "host", unique=True, **only_where(_VERIFIED)),
        Index("ux_domains_primary", "builder_id", unique=True, **only_where(_PRIMARY)),
        Index("ix_domains_due", "next_check_at"),
    )

    host: Mapped[str] = mapped_column(String(253))  # as the DNS has it
    token: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    is_primary: Mapped[bool] = mapped_column(default=False)
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the last look saw
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None]  # none: only when somebody asks


class MailSender(Base, Tenanted):
    """The address that a builder's letters come from, once their DNS agrees."""

    __tablename__ = "mail_senders"
    __table_args__ = (
        UniqueConstraint("builder_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_mail_senders_due", "next_check_at"),
    )

    address: Mapped[str] = mapped_column(String(320))
    token: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    failures: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None]
