"""Human numbers: raised inside the ticket's own transaction, so none is lost or given twice.

Whoever has drawn a number keeps everybody else from drawing the next until the commit.
"""

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.tickets.models import Counter

FIRST = 1001


def next_number(session: Session, name: str = "ticket") -> int:
    value = _move(session, name, 1)
    if value is not None:
        return value
    try:
        with session.begin_nested():
            session.add(Counter(name=name, value=FIRST))
    except IntegrityError:  # another process was the first one
        value = _move(session, name, 1)
    return FIRST if value is None else value


def give_back(session: Session, name: str = "ticket") -> None:
    """The number just drawn in this transaction, not used after all."""
    _move(session, name, -1)


_MOVE = (
    update(Counter)
    .where(Counter.name == bindparam("counter"))
    .values(value=Counter.value + bindparam("by"))
    .returning(Counter.value)
)


def _move(session: Session, name: str, by: int) -> int | None:
    value: int | None = session.connection().scalar(_MOVE, {"counter": name, "by": by})
    return value
