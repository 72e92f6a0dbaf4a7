"""What was given up after all tries: events nobody could deal with, mail and pages that never left.

Nothing of it is lost: it stays in the database with its reason until an operator replays it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation import deliveries
from portal.foundation.deliveries import DEAD, Delivery
from portal.foundation.outbox import OutboxEvent

Sessions = sessionmaker[Session]

MOST = 500  # of each in one transaction
MOST_COUNTED = 100_000
LONGEST_REASON = 200  # characters


class NoDeadLetter(LookupError):
    """Nothing that was given up has this id."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Events or deliveries given up: how many, and one reason of theirs."""

    kind: str
    count: int
    error: str


def dead_events(session: Session) -> list[Pile]:
    """By kind, the most frequent first."""
    dead = OutboxEvent.dead_at.is_not(None)
    return _piles(session, select(OutboxEvent.kind, OutboxEvent.error).where(dead))


def dead_deliveries(session: Session) -> list[Pile]:
    """By kind (mail, page), the most frequent first."""
    return _piles(session, select(Delivery.kind, Delivery.error).where(DEAD))


def _piles(session: Session, given_up: Select[str, str]) -> list[Pile]:
    # picked out first: SQLite would rather read every row in the order of its kind
    some = given_up.limit(MOST_COUNTED).subquery()
    counts = session.execute(
        select(some.c.kind, func.count(), func.max(some.c.error))
        .group_by(some.c.kind)
        .order_by(func.count().desc(), some.c.kind)
    )
    return [Pile(*row) for row in counts]


def lines(sessions: Sessions) -> Iterator[str]:
    """Id, what it is, what it is about and why it was given up; the oldest first."""
    with sessions() as session:
        for event in session.scalars(_events()):
            yield _line(event.id, "event", event.kind, event.error)
        for delivery in session.scalars(_deliveries()):
            about = delivery.recipient or delivery.dedup_key
            yield _line(delivery.id, delivery.kind, about, delivery.error)


def _line(key: UUID, what: str, about: str, error: str) -> str:
    return f"{key}  {what:<5}  {about}  {in_short(error)}"


def in_short(error: str) -> str:
    first = error.strip().partition("\n")[0]
    return first if len(first) <= LONGEST_REASON else f"{first[:LONGEST_REASON]}…"


def replay_one(sessions: Sessions, key: UUID, *, at: datetime) -> None:
    """Raises NoDeadLetter."""
    with sessions.begin() as session:
        if not _replay(session, OutboxEvent.id == key, Delivery.id == key, at):
            raise NoDeadLetter(f"nothing that was given up has the id {key}")


def replay_all(sessions: Sessions, *, at: datetime) -> int:
    """All tries anew for everything; how many."""
    done = 0
    while True:
        with sessions.begin() as session:
            batch = _replay(session, true(), true(), at)
        if not batch:
            return done
        done += batch


def _replay(
    session: Session, events: ColumnElement[bool], letters: ColumnElement[bool], at: datetime
) -> int:
    """So many of each as one transaction should hold."""
    revived = session.scalars(_events().where(events).limit(MOST)).all()
    for event in revived:
        event.dead_at, event.attempts, event.next_try_at = None, 0, at
    sent_anew = session.scalars(_deliveries().where(letters).limit(MOST)).all()
    for delivery in sent_anew:
        deliveries.replay(session, delivery, at)
    return len(revived) + len(sent_anew)


def _events() -> Select[OutboxEvent]:
    dead = select(OutboxEvent).where(OutboxEvent.dead_at.is_not(None))
    return dead.order_by(OutboxEvent.created_at, OutboxEvent.id)


def _deliveries() -> Select[Delivery]:
    return select(Delivery).where(DEAD).order_by(Delivery.created_at, Delivery.id)
