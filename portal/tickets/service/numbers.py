"""Human numbers: raised inside the ticket's own transaction, so none is lost or given twice."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.tickets.models import Counter

FIRST = 1001


def next_number(session: Session, name: str = "ticket") -> int:
    value = _raise(session, name)
    if value is not None:
        return value
    try:
        with session.begin_nested():
            session.add(Counter(name=name, value=FIRST))
    except IntegrityError:  # another process was the first one
        value = _raise(session, name)
    return FIRST if value is None else value


def _raise(session: Session, name: str) -> int | None:
    return session.scalar(
        update(Counter)
        .where(Counter.name == name)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    )
