"""The tracker that ideas are sent to, and what it knows of each."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.db import Base
from portal.ideas.models import FeatureRequest

ONLY: Final = UUID("00000000-0000-4000-8000-000000000001")
"""The key of the one connection that a platform has."""

USUAL_TYPE: Final = "Task"
"""Of issues, which every project of Jira begins with."""


class Kind(StrEnum):
    JIRA = "jira"
    LINEAR = "linear"


class State(StrEnum):
    WAITING = "waiting"  # on its way, or to be tried again
    SENT = "sent"
    FAILED = "failed"  # given up, until somebody sends it anew


class BacklogConnection(Base):
    """How the platform is known to its tracker."""

    __tablename__ = "backlog_connections"
    __table_args__ = (CheckConstraint("kind IN ('jira', 'linear')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ONLY)
    kind: Mapped[str] = mapped_column(String(10))
    site: Mapped[str] = mapped_column(String(300), default="")  # Jira's address
    account: Mapped[str] = mapped_column(String(320), default="")  # whose token it is, at Jira
    sealed_token: Mapped[str] = mapped_column(String(2000))  # see foundation/sealing
    project: Mapped[str] = mapped_column(String(40))  # the key of Jira's project or Linear's team
    issue_type: Mapped[str] = mapped_column(String(60), default="")  # Jira's
    begins_at: Mapped[str] = mapped_column(String(20), default="")  # empty: sent by hand alone
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)  # of what an administrator saved

    @property
    def place(self) -> str:
        """What an issue belongs to for good: another connection can't write to it."""
        return f"{self.kind}:{self.site or 'linear'}"


class BacklogItem(Base):
    """An idea in a tracker. `marker` is by what the tracker recognises it, so that one that was
    made without our hearing of it is not made twice. `revision` counts what shall be sent."""

    __tablename__ = "backlog_items"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        Index("ix_backlog_items_state", "state", "asked_at", "id"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("feature_requests.id"), unique=True)
    place: Mapped[str] = mapped_column(String(320))
    marker: Mapped[UUID] = mapped_column(default=uuid4)
    external_id: Mapped[str] = mapped_column(String(60), default="")
    key: Mapped[str] = mapped_column(String(60), default="")  # such as ENG-12
    url: Mapped[str] = mapped_column(String(500), default="")
    stage: Mapped[str] = mapped_column(String(120), default="")  # its status there
    state: Mapped[str] = mapped_column(String(10), default=State.WAITING)
    trouble: Mapped[str] = mapped_column(String(20), default="")  # a key of backlog/wording
    revision: Mapped[int] = mapped_column(default=0)
    sent_revision: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    asked_by_name: Mapped[str] = mapped_column(String(120), default="")  # empty: by itself
    asked_at: Mapped[datetime]
    held_until: Mapped[datetime | None]  # while one process talks to the tracker about it
    said: Mapped[str] = mapped_column(Text, default="", sort_order=1)  # what the tracker answered

    idea: Mapped[FeatureRequest] = relationship(lazy="raise")
