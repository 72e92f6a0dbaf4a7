"""Somebody has seen the first steps in a module."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation.collisions import TAKEN
from portal.guidance.models import Dismissal, Orientation
from portal.guidance.queries import orientations as queries


def dismiss(
    session: Session, orientation_id: UUID, edition: int, *, by: Actor, at: datetime
) -> None:
    """Never shown to them again, until there is a newer edition. An orientation that is gone, and
    a second press of the same button, change nothing."""
    if by.user_id is None or session.get(Orientation, orientation_id) is None:
        return
    known = queries.dismissal(session, by.user_id, orientation_id)
    if known is not None:
        known.edition, known.at = max(known.edition, edition), at
        return
    new = Dismissal(
        orientation_id=orientation_id,
        builder_id=by.builder_id,
        user_id=by.user_id,
        edition=edition,
        at=at,
    )
    try:
        with session.begin_nested():
            session.add(new)
    except TAKEN:  # in another window, at the same moment
        return
