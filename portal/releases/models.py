"""What's new: notes of what changed in the product, written in each language.

A note is known by a key that tells nothing of when it was begun; its number comes when it is first
published, so that numbers show no gap where something is being prepared.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where

TITLE_LONGEST: Final = 200
SUMMARY_LONGEST: Final = 400
BODY_LONGEST: Final = 50_000
VERSION_LONGEST: Final = 20  # as feature_requests.shipped_in_version


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"  # the clock publishes it at `publish_at`
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # was published, and is not any more


SCHEDULED: Final = "state = 'scheduled'"
PUBLISHED: Final = "state = 'published'"


class Release(Base):
    """A note. `modules` are keys of the support model, `edition` is for two who edit."""

    __tablename__ = "releases"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'scheduled', 'published', 'withdrawn')",
            name="state",
        ),
        Index("ix_releases_due", "publish_at", **only_where(SCHEDULED)),
        Index("ix_releases_newest", "published_at", "id", **only_where(PUBLISHED)),
        Index("ix_releases_written", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int | None] = mapped_column(unique=True)
    version: Mapped[str] = mapped_column(String(VERSION_LONGEST), default="")
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    modules: Mapped[list[str]] = mapped_column(default=list)
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # first; it stays when the words change
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_by_name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    edition: Mapped[int] = mapped_column(default=1)


class ReleaseText(Base):
    """A note's words in one language."""

    __tablename__ = "release_texts"
    __table_args__ = (UniqueConstraint("release_id", "language"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    summary: Mapped[str] = mapped_column(String(SUMMARY_LONGEST), default="")
    body: Mapped[str] = mapped_column(Text, default="", sort_order=1)  # Markdown
    body_html: Mapped[str] = mapped_column(Text, default="", sort_order=1)


class ReleaseIdea(Base):
    """An idea that shipped with it."""

    __tablename__ = "release_ideas"
    __table_args__ = (UniqueConstraint("release_id", "request_id"),)

    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"), index=True)


class NewsSeen(Base):
    """Up to when somebody has seen what is new; later ones count as unread."""

    __tablename__ = "news_seen"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    seen_at: Mapped[datetime]
