"""What only one of several can write at one moment: the database knows which, past every question
that was asked before."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

TAKEN: tuple[type[Exception], ...] = (IntegrityError,)


@contextmanager
def refusing(
    session: Session, refusal: Exception, faults: tuple[type[Exception], ...] = TAKEN
) -> Iterator[None]:
    """Raises the `refusal` where somebody else was faster; what was written within is undone."""
    try:
        with session.begin_nested():
            yield
    except faults as error:
        raise refusal from error
