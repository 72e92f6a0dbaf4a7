"""Up to where somebody has seen what is new."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.foundation.collisions import TAKEN, refusing
from portal.releases.models import NewsSeen

_FURTHER: Final = {"synchronize_session": False}


class _There(ValueError):
    """Another window was faster."""


def see_to(session: Session, user_id: UUID, seen_at: datetime) -> None:
    """Never back: an older page in another window takes nothing away."""
    if _move(session, user_id, seen_at):
        return
    try:
        with refusing(session, _There(), TAKEN):
            session.add(NewsSeen(user_id=user_id, seen_at=seen_at))
    except _There:
        _move(session, user_id, seen_at)


def _move(session: Session, user_id: UUID, seen_at: datetime) -> bool:
    """Whether there is a row."""
    mine = NewsSeen.user_id == user_id
    further = update(NewsSeen).where(mine, NewsSeen.seen_at < seen_at).values(seen_at=seen_at)
    if session.execute(further.execution_options(**_FURTHER)).rowcount:  # type: ignore[attr-defined]
        return True
    return session.query(NewsSeen.id).where(mine).first() is not None
