"""That something was saved which processes keep."""

from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.foundation.collisions import TAKEN
from portal.guidance.models import Mark

ONLY = UUID(int=1)


def renew(session: Session) -> None:
    """In the transaction of what was saved. Never a value that there was: what was read in a
    transaction that came to nothing must not look right afterwards."""
    value = uuid4()
    changed = session.connection().execute(update(Mark).values(value=value))
    if changed.rowcount:
        return
    try:
        with session.begin_nested():
            session.add(Mark(id=ONLY, value=value))
    except TAKEN:  # two were the first
        session.connection().execute(update(Mark).values(value=value))
