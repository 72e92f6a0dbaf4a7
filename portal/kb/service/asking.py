"""That somebody asked although they had read: noted on what they read."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.orm import Session

from portal.kb.models import Reading

WITHIN: Final = timedelta(hours=24)


def mark(session: Session, ticket_id: UUID, *, by: UUID | None, visitor: str, at: datetime) -> None:
    """On all that they read in the day before, as themselves (`by`) or before they signed in
    (`visitor`). What led to an earlier ticket stays that one's."""
    same: list[ColumnElement[bool]] = []
    if by is not None:
        same.append(Reading.user_id == by)
    if visitor:
        same.append(Reading.visitor == visitor)
    if not same:
        return
    session.execute(
        update(Reading)
        .where(or_(*same), Reading.at > at - WITHIN, Reading.at <= at, Reading.ticket_id.is_(None))
        .values(ticket_id=ticket_id)
        .execution_options(synchronize_session=False)
    )
