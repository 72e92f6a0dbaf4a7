"""Who takes part, for what they have points, and who may not take part for a while."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted

COMMUNITY: Final = "community"
_COUNTS = text("taken_back_at IS NULL")
_BY_SOMEBODY = text("taken_back_at IS NULL AND given_by IS NOT NULL")
_BY_NOBODY = text("taken_back_at IS NULL AND given_by IS NULL")
_IN_FORCE = text("lifted_at IS NULL")


class Member(Base):
    """Somebody who has taken part at least once; before that nobody sees anything of them."""

    __tablename__ = "community_members"
    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    points: Mapped[int] = mapped_column(default=0)  # the sum of what counts in the ledger
    created_at: Mapped[datetime]


class PointEntry(Base):
    """A line of the ledger: only ever added, and taken back by saying so. `points` may be fewer
    than the rule says; `uncounted` is why."""

    __tablename__ = "community_points"
    __table_args__ = (
        Index(
            "uq_community_points_given",
            *("source_id", "source_kind", "cause", "given_by"),
            unique=True,
            **only_where(_BY_SOMEBODY),
        ),
        Index(
            "uq_community_points_happened",
            *("source_id", "source_kind", "cause", "user_id"),
            unique=True,
            **only_where(_BY_NOBODY),
        ),
        Index("ix_community_points_newest", "user_id", "at", "id"),
        Index(
            "ix_community_points_counting",
            *("user_id", "given_by", "cause", "at", "points", "by_peer"),
            **only_where(_COUNTS),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))  # who has them
    cause: Mapped[str] = mapped_column(String(40))  # of core.reputation.Cause
    points: Mapped[int]
    uncounted: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[UUID]
    given_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_peer: Mapped[bool]  # by another member, as caps count it
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_back_why: Mapped[str] = mapped_column(String(200), default="")


class Restriction(Base):
    """Somebody, or all of a company, may not do something for a while. It ends by itself; what was
    said stays."""

    __tablename__ = "community_restrictions"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (builder_id IS NULL)", name="one"),
        Index("ix_community_restrictions_user", "user_id", "ends_at", **only_where(_IN_FORCE)),
        Index(
            "ix_community_restrictions_builder", "builder_id", "ends_at", **only_where(_IN_FORCE)
        ),
        Index("ix_community_restrictions_newest", "starts_at", "id"),
    )

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))
    what: Mapped[str] = mapped_column(String(20), default=COMMUNITY)
    reason: Mapped[str] = mapped_column(Text)  # the restricted read it
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None]
    appealed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    def holds(self, at: datetime) -> bool:
        return self.lifted_at is None and self.starts_at <= at < self.ends_at


class CommunitySettings(Base, Tenanted):
    """What a builder chose; without a row the defaults hold."""

    __tablename__ = "community_settings"
    __table_args__ = (UniqueConstraint("builder_id"),)

    shows_name: Mapped[bool] = mapped_column(default=True)  # beside what its people write
    portal_reads: Mapped[bool] = mapped_column(default=True)  # whether clients and vendors may
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
