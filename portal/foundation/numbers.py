"""Human numbers: raised inside the transaction that gives one, so none is lost or given twice.

Whoever has drawn a number keeps everybody else from drawing the next until the commit.
"""

from sqlalchemy import String, bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.foundation.db import Base

FIRST = 1001
HIGHEST = 2**31 - 1  # PostgreSQL refuses to compare a number with a larger one


class Counter(Base):
    """Human numbers without gaps: one row a sequence."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[int]


def next_number(session: Session, name: str) -> int:
    value = _move(session, name, 1)
    if value is not None:
        return value
    try:
        with session.begin_nested():
            session.add(Counter(name=name, value=FIRST))
    except IntegrityError:  # another process was the first one
        value = _move(session, name, 1)
    return FIRST if value is None else value


def give_back(session: Session, name: str) -> None:
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
