"""What a reader has said of an article."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from portal.foundation.tenancy import PLATFORM, read_rows, seeing
from portal.kb.models import Feedback

_SAID = select(Feedback.helpful, Feedback.reason, Feedback.comment).where(
    Feedback.article_id == bindparam("article_id"), Feedback.visitor == bindparam("visitor")
)


def said(
    session: Session, article_id: UUID, visitor: str, builder_id: UUID | None
) -> Row[Any] | None:
    """None: nothing, or nobody has asked for the visitor's id yet."""
    if not visitor:
        return None
    with seeing(session, builder_id or PLATFORM):
        return read_rows(session, _SAID, {"article_id": article_id, "visitor": visitor}).first()
