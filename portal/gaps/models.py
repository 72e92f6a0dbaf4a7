"""What editors have set aside of what readers missed; the rest is counted from the logs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base

KINDS = ("nothing_found", "not_opened", "unhelpful", "asked_after", "no_help")
FATES = ("done", "dismissed")


class Settled(Base):
    """`people` had met it when it was set aside: as many again bring it back."""

    __tablename__ = "gaps_settled"
    __table_args__ = (
        CheckConstraint("kind IN ('" + "', '".join(KINDS) + "')", name="kind"),
        CheckConstraint("fate IN ('" + "', '".join(FATES) + "')", name="fate"),
        UniqueConstraint("kind", "key"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(400))  # as `queries.trouble` makes it
    fate: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300), default="")
    people: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")
