"""What editors save all processes must see, and the second of two at the very same time is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.foundation.collisions import TAKEN, refusing
from portal.guidance.service import marks
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken


@contextmanager
def saving(session: Session, row: Any, key: str) -> Iterator[None]:
    """The body writes into `row`. Raises KeyTaken and ChangedMeanwhile."""
    try:
        with refusing(session, KeyTaken(key), TAKEN):
            yield
            session.add(row)
            session.flush()
    except StaleDataError as error:
        raise ChangedMeanwhile from error
    marks.renew(session)
