"""What belongs to a screen of the host app: which one it is, words explained on it, first steps.

Texts that people read are kept by language: {"en": …, "es": …}.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.db import Base, only_where
from portal.foundation.tenancy import Tenanted


class Mark(Base):
    """Another value whenever anything here is saved, by which a process knows that what it keeps
    still holds. There is one row at most."""

    __tablename__ = "guidance_marks"

    value: Mapped[UUID]


class Screen(Base):
    """A screen of the host app, and what editors chose for it, ahead of what its module has
    anyway. `position` decides between addresses that two screens share."""

    __tablename__ = "guidance_screens"
    __table_args__ = (Index("ix_guidance_screens_position", "position", "id"),)

    page_key: Mapped[str] = mapped_column(String(80), unique=True)  # "scheduling.board"
    module: Mapped[str] = mapped_column(String(50), default="")
    titles: Mapped[dict[str, Any]] = mapped_column(default=dict)
    topic_ids: Mapped[list[str]] = mapped_column(default=list)  # in their order
    video_ids: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    rules: Mapped[list["PageRule"]] = relationship(
        lazy="raise", order_by="PageRule.position", cascade="all, delete-orphan"
    )


class PageRule(Base):
    """Addresses of a screen: `core.page_keys` says which rule counts where several fit."""

    __tablename__ = "guidance_page_rules"
    __table_args__ = (Index("ix_guidance_page_rules_of_screen", "screen_id", "position"),)

    screen_id: Mapped[UUID] = mapped_column(ForeignKey("guidance_screens.id"))
    pattern: Mapped[str] = mapped_column(String(300), unique=True)  # "/projects/{id}/schedule"
    position: Mapped[int] = mapped_column(default=0)  # within its screen


class Term(Base):
    """What a field or a word means: `texts` is {language: {"term", "definition", "usage"}}."""

    __tablename__ = "guidance_terms"
    __table_args__ = (Index("ix_guidance_terms_of_module", "module", "key"),)

    key: Mapped[str] = mapped_column(String(120), unique=True)  # of `data-help`
    module: Mapped[str] = mapped_column(String(50), default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_topics.id"))
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Orientation(Base):
    """The first steps in a module: `steps` are {"target": help key or "", "texts": {language:
    {"title", "text"}}}. `edition` rises when everybody should see it again."""

    __tablename__ = "guidance_orientations"

    module: Mapped[str] = mapped_column(String(50), unique=True)
    steps: Mapped[list[Any]] = mapped_column(default=list)
    is_published: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Dismissal(Base, Tenanted):
    """Somebody does not want to see an orientation again."""

    __tablename__ = "guidance_dismissals"
    __table_args__ = (UniqueConstraint("user_id", "orientation_id"),)

    orientation_id: Mapped[UUID] = mapped_column(ForeignKey("guidance_orientations.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    edition: Mapped[int]
    at: Mapped[datetime]


class Press(Base, Tenanted):
    """Somebody pressed "?" on a screen, and how much there was to show."""

    __tablename__ = "guidance_presses"
    __table_args__ = (
        Index("ix_guidance_presses_at", "at", "id"),
        Index("ix_guidance_presses_empty", "page_key", "at", **only_where("shown = 0")),
    )

    page_key: Mapped[str] = mapped_column(String(80), default="")  # "": no rule knows the address
    module: Mapped[str] = mapped_column(String(50), default="")
    path: Mapped[str] = mapped_column(String(300), default="")  # with its ids as {id}
    shown: Mapped[int] = mapped_column(default=0)
    visitor: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    plan: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
