"""What is done with what we know of people: exports, erasures, and the rules of time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Builder, User
from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

_WANTED = text("state = 'wanted'")
_READY = text("state = 'ready'")
_OPEN = text("state IN ('asked', 'running')")
_RUNNING = text("state = 'running'")


class DataExport(Base):
    """What is known of a person in one file, for whoever asked and for nobody else.

    `builder_id` is whose part of it; None: everything.
    """

    __tablename__ = "data_exports"
    __table_args__ = (
        CheckConstraint("state IN ('wanted', 'ready', 'failed', 'gone')", name="state"),
        Index(
            "ix_data_exports_wanted",
            *("user_id", "asked_by_id"),
            unique=True,
            **only_where(_WANTED),
        ),
        Index("ix_data_exports_ready", "expires_at", **only_where(_READY)),
        Index("ix_data_exports_asked", "asked_by_id", "asked_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="wanted")
    done: Mapped[int] = mapped_column(default=0)  # of `total` tickets
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    size: Mapped[int | None]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])


class Erasure(Base, Tenanted):
    """That a person is to be forgotten by a builder (None: by the platform), and how far it is.

    `membership_id` points at nothing once it is done; `names` is what is looked for meanwhile.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'refused', 'running', 'done')", name="state"),
        Index("ix_erasures_open", "membership_id", unique=True, **only_where(_OPEN)),
        Index("ix_erasures_running", "claimed_until", **only_where(_RUNNING)),
        Index("ix_erasures_of_builder", "builder_id", "asked_at", "id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    membership_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # of a refusal
    wholly: Mapped[bool] = mapped_column(default=False)  # no other membership was left
    with_files: Mapped[bool] = mapped_column(default=True)
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)  # name, email; empty when done
    step: Mapped[str] = mapped_column(String(80), default="")  # of traces.plan
    position: Mapped[UUID | None]  # the last row that the step has dealt with
    claimed_until: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class RetentionRule(Base, Tenanted):
    """How long a builder keeps things; None is for ever. The platform's own (None) is of guests."""

    __tablename__ = "retention_rules"
    __table_args__ = (
        UniqueConstraint("builder_id"),
        CheckConstraint("tickets_fate IN ('anonymise', 'delete')", name="tickets_fate"),
        CheckConstraint("tickets_months > 0", name="tickets_months"),
        CheckConstraint("files_months > 0", name="files_months"),
        CheckConstraint("audit_years > 0", name="audit_years"),
        Index("ix_retention_rules_due", "next_run_at"),
    )

    tickets_months: Mapped[int | None]  # after they were closed
    tickets_fate: Mapped[str] = mapped_column(String(10), default="anonymise")
    files_months: Mapped[int | None]  # after they came
    audit_years: Mapped[int | None]
    erase_files: Mapped[bool] = mapped_column(default=True)  # with the person who sent them
    next_run_at: Mapped[datetime | None]  # None: nothing ever goes
    last_run_at: Mapped[datetime | None]
    last_counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of the run that goes on
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    builder: Mapped[Builder | None] = relationship()
