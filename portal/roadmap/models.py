"""The roadmap: what is planned, in progress and shipped, by module and quarter.

Most of it is public; strategic items are internal, and nothing that an outsider gets may show that
there is one. So an item's key tells nothing of when it was made, and its number comes when it first
becomes public.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where

TITLE_LONGEST: Final = 200
DESCRIPTION_LONGEST: Final = 2000


class Stage(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"


PUBLIC: Final = "is_internal = false AND removed_at IS NULL"


def _stage(column: str) -> CheckConstraint:
    listed = ", ".join(f"'{stage}'" for stage in Stage)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class RoadmapItem(Base):
    """`quarter` is "2026-Q4", or nothing where no quarter is said. `position` orders the items of
    a stage and quarter, `edition` is for two who edit. `touched_at`: when a person last said that
    it still holds, by changing it or by saying so; a month later its owner is reminded."""

    __tablename__ = "roadmap_items"
    __table_args__ = (
        _stage("stage"),
        Index("ix_roadmap_items_board", "stage", "quarter", "position"),
        Index("ix_roadmap_items_public", "stage", "quarter", "position", **only_where(PUBLIC)),
        Index("ix_roadmap_items_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int | None] = mapped_column(unique=True)
    stage: Mapped[str] = mapped_column(String(12), default=Stage.PLANNED)
    stage_at: Mapped[datetime]
    quarter: Mapped[str] = mapped_column(String(7), default="")
    module: Mapped[str] = mapped_column(String(50), default="")
    is_internal: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("releases.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    created_by_name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # when it first became public
    shipped_at: Mapped[datetime | None]
    touched_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    edition: Mapped[int] = mapped_column(default=1)


class RoadmapText(Base):
    """An item's words in one language."""

    __tablename__ = "roadmap_texts"
    __table_args__ = (UniqueConstraint("item_id", "language"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("roadmap_items.id"))
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(TITLE_LONGEST))
    description: Mapped[str] = mapped_column(Text, default="", sort_order=1)  # Markdown
    description_html: Mapped[str] = mapped_column(Text, default="", sort_order=1)


class RoadmapIdea(Base):
    """An idea that an item answers."""

    __tablename__ = "roadmap_ideas"
    __table_args__ = (UniqueConstraint("item_id", "request_id"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("roadmap_items.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"), index=True)


class RoadmapChange(Base):
    """What became of an item, and when; `is_public` says whether its page tells everybody of it."""

    __tablename__ = "roadmap_changes"
    __table_args__ = (
        Index("ix_roadmap_changes_of", "item_id", "at", "id"),
        UniqueConstraint("item_id", "edition"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("roadmap_items.id"))
    edition: Mapped[int]
    from_stage: Mapped[str] = mapped_column(String(12), default="")
    to_stage: Mapped[str] = mapped_column(String(12))
    quarter: Mapped[str] = mapped_column(String(7), default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    by_name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
