"""What builders wish for (the seed's `feature_requests` and `feature_request_votes`).

An idea is everybody's to read, so that it is no builder's own row though a builder brought it. A
vote is: who cast it and why is for that builder's people and for staff; others see the number.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Builder
from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted


class Status(StrEnum):
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    DECLINED = "declined"


OPEN: Final = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.PLANNED, Status.IN_PROGRESS)
"""In which builders vote."""
TITLE_LONGEST: Final = 300
VERSION_LONGEST: Final = 20


def _status(column: str) -> CheckConstraint:
    listed = ", ".join(f"'{status}'" for status in Status)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class FeatureRequest(Base):
    """An idea. `heat` is its place among those that trend (core/idea_ranking). One that was merged
    has given its votes and comments away, and its address leads on."""

    __tablename__ = "feature_requests"
    __table_args__ = (
        _status("status"),
        Index("ix_feature_requests_wanted", "vote_count", "id"),
        Index("ix_feature_requests_trending", "heat", "id"),
        Index("ix_feature_requests_newest", "created_at", "id"),
        Index("ix_feature_requests_builder", "builder_id"),
        Index(
            "ix_feature_requests_merged",
            "merged_into_id",
            "number",
            **only_where("merged_into_id IS NOT NULL"),
        ),
    )

    # one that tells nothing of when it was made: what is internal may be public later
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    language: Mapped[str] = mapped_column(String(10), default="en")  # that it is written in
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    submitted_by_name: Mapped[str] = mapped_column(String(120), default="")
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))  # None: of staff
    status: Mapped[str] = mapped_column(String(20), default=Status.SUBMITTED)
    status_at: Mapped[datetime]
    vote_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    heat: Mapped[float]
    category: Mapped[str] = mapped_column(String(50), default="")  # a module of the support model
    shipped_in_version: Mapped[str | None] = mapped_column(String(VERSION_LONGEST))
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    is_internal: Mapped[bool] = mapped_column(default=False)  # for staff alone, everywhere
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("feature_requests.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]  # when its words or its status last changed
    version: Mapped[int] = mapped_column(default=1)  # of its words, for two who edit
    # last in the row: SQLite reads through what is long to get at what stands behind it
    description: Mapped[str] = mapped_column(Text, default="", sort_order=1)  # Markdown
    description_html: Mapped[str] = mapped_column(Text, default="", sort_order=1)
    use_case: Mapped[str] = mapped_column(Text, default="", sort_order=1)
    use_case_html: Mapped[str] = mapped_column(Text, default="", sort_order=1)

    @property
    def takes_votes(self) -> bool:
        return self.status in OPEN and self.merged_into_id is None


class FeatureRequestVote(Base, Tenanted):
    """A builder's one vote, and who of its people cast it: or who of staff did `on_behalf`."""

    __tablename__ = "feature_request_votes"
    __table_args__ = (
        UniqueConstraint("request_id", "builder_id"),
        Index("ix_feature_request_votes_of_builder", "builder_id", "created_at", "id"),
        Index("ix_feature_request_votes_newest", "request_id", "created_at", "id"),
        Index("ix_feature_request_votes_told", "request_id", "user_id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    user_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    on_behalf_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    on_behalf_by_name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]

    request: Mapped[FeatureRequest] = relationship(lazy="raise")
    builder: Mapped[Builder] = relationship(lazy="raise")


class IdeaTicket(Base, Tenanted):
    """A ticket in which it was asked for: whoever asked there is told what becomes of it."""

    __tablename__ = "idea_tickets"
    __table_args__ = (UniqueConstraint("request_id", "ticket_id"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("support_tickets.id"), index=True)
    linked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    linked_by_name: Mapped[str] = mapped_column(String(120), default="")
    linked_at: Mapped[datetime]


class IdeaComment(Base):
    """What somebody says of an idea, to everybody who may read it."""

    __tablename__ = "idea_comments"
    __table_args__ = (Index("ix_idea_comments_of", "request_id", "created_at", "id"),)

    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(120), default="")
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"))  # None: of staff
    created_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text, sort_order=1)
    body_html: Mapped[str] = mapped_column(Text, sort_order=1)


class IdeaStatusChange(Base):
    """What became of an idea, and when. `note` is for all who may read it."""

    __tablename__ = "idea_status_changes"
    __table_args__ = (
        _status("from_status"),
        _status("to_status"),
        Index("ix_idea_status_changes_of", "request_id", "at", "id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"))
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    by_name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
