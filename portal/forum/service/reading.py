"""How far somebody has read."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.forum.models import Position
from portal.foundation.collisions import TAKEN, refusing


class _There(ValueError):
    """Another window was faster."""


_FURTHER: Final = {"synchronize_session": False}


def read_to(session: Session, post_id: UUID, number: int, *, by: Actor, at: datetime) -> None:
    """Never back: whoever looks at the first page again has read the last one all the same."""
    if by.user_id is None or _move(session, post_id, number, by.user_id, at):
        return
    place = Position(user_id=by.user_id, post_id=post_id, read_to=number, at=at)
    try:
        with refusing(session, _There(), TAKEN):
            session.add(place)
    except _There:
        _move(session, post_id, number, by.user_id, at)


def _move(session: Session, post_id: UUID, number: int, user_id: UUID, at: datetime) -> bool:
    """Whether there is a place."""
    mine = Position.user_id == user_id, Position.post_id == post_id
    further = update(Position).where(*mine, Position.read_to < number)
    moved = session.execute(further.values(read_to=number, at=at).execution_options(**_FURTHER))
    if moved.rowcount:  # type: ignore[attr-defined]
        return True
    known = update(Position).where(*mine).values(at=at).execution_options(**_FURTHER)
    return bool(session.execute(known).rowcount)  # type: ignore[attr-defined]
