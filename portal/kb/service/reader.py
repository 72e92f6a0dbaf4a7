"""Who read something and where: what is noted of a reading and of an opinion alike."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.kb.models import Article


@dataclass(frozen=True, slots=True)
class Whose:
    """`visitor` is their digest; `by` is None for somebody without an account, who reads at the
    portal of `builder_id` or at the platform. `surface` is one of models.SURFACES."""

    visitor: str
    by: Actor | None = None
    builder_id: UUID | None = None
    surface: str = "page"

    @property
    def company(self) -> UUID | None:
        return self.by.builder_id if self.by else self.builder_id

    def columns(self) -> dict[str, object]:
        by = self.by
        return {
            "visitor": self.visitor,
            "builder_id": self.company,
            "user_id": by.user_id if by else None,
            "plan": by.plan if by else "",
            "role": by.role if by else "",
            "surface": self.surface,
        }


def one_at_a_time(session: Session, article_id: UUID) -> None:
    """The second of two of the same reader's waits, and then sees what the first did. SQLite has
    one pen anyway."""
    session.execute(select(Article.id).where(Article.id == article_id).with_for_update())
