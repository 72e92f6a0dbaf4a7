"""What must leave the house (mail, page, webhook): rows with tries, backoff and dead letters.

Rows are claimed by a lease, sent outside any transaction, and the outcome of each is written down
at once. A process killed in between repeats that one send after the lease: receivers recognise it
by the dedup key (PagerDuty) or the Message-ID (mail).
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, String, Text, select, text, update
from sqlalchemy.orm import Mapped, Session, defer, mapped_column, sessionmaker

from portal.foundation.db import HOLD_SECONDS, Base, give_way, only_where
from portal.foundation.outbox import backoff

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=25)
BEGIN_SECONDS = 5.0  # of the lease; what is begun then, even the slowest letter (20 s), is ours
TOGETHER = 100  # a transaction, of what stays at home
MOST_AT_HOME = 1_000  # a call
# in the words of the partial indexes, so that every database sees that they fit
QUEUED = text("status = 'queued'")
DEAD = text("status = 'dead'")
FULL = text("status IN ('sent', 'kept', 'cancelled') AND emptied_at IS NULL")
"""Settled for good, with all that it said."""


class Status(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    KEPT = "kept"  # no transport is set up: readable on the local mailbox page
    CANCELLED = "cancelled"
    DEAD = "dead"


class Delivery(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "kind", "next_try_at", **only_where(QUEUED)),
        # `kind` is in both as well, or SQLite would as soon take the one of all letters
        Index("ix_deliveries_about", "about_id", "kind", "created_at"),
        Index("ix_deliveries_to", "recipient", "kind", "created_at", "id"),
        Index("ix_deliveries_recent", "kind", "created_at", "id"),
        Index("ix_deliveries_dead", "created_at", "id", **only_where(DEAD)),
        Index("ix_deliveries_full", "kind", "next_try_at", **only_where(FULL)),
    )

    kind: Mapped[str] = mapped_column(String(20))  # mail | page | backlog
    builder_id: Mapped[UUID | None]
    about_id: Mapped[UUID | None]  # the ticket, message or page it is for
    dedup_key: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(320), default="")
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(12), default=Status.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]  # of what is settled: about when the last try was
    give_up_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    emptied_at: Mapped[datetime | None]  # since then the payload says only what it was
    error: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sender reports. `retry_after` overrides the backoff."""

    status: Status
    error: str = ""
    retry_after: timedelta | None = None


Sender = Callable[[Delivery], Outcome]
Settled = Callable[[Session, Delivery, datetime], None]


@dataclass(frozen=True, slots=True)
class Channel:
    """How one kind leaves, and who is told when it has settled (sent, kept or dead).

    `at_home`: `send` asks nobody outside, so that many can be settled in one transaction.
    """

    send: Sender
    settled: Settled
    at_home: bool = False


def queue(
    session: Session,
    kind: str,
    *,
    at: datetime,
    dedup_key: str,
    payload: dict[str, Any],
    builder_id: UUID | None = None,
    about_id: UUID | None = None,
    recipient: str = "",
    not_before: datetime | None = None,
    patience: timedelta = timedelta(hours=24),
) -> Delivery | None:
    """Queue once per `dedup_key`; None when it stands already."""
    if session.scalar(select(Delivery.id).where(Delivery.dedup_key == dedup_key)):
        return None
    delivery = Delivery(
        kind=kind,
        builder_id=builder_id,
        about_id=about_id,
        dedup_key=dedup_key,
        recipient=recipient,
        payload=payload,
        created_at=at,
        next_try_at=not_before or at,
        give_up_at=(not_before or at) + patience,
    )
    session.add(delivery)
    session.flush()
    return delivery


def send_due(
    sessions: sessionmaker[Session],
    channels: Mapping[str, Channel],
    *,
    at: Callable[[], datetime],
    limit: int = 50,
    lease: timedelta = LEASE,
) -> int:
    """Try what is due of the given kinds, of each the oldest first, up to `limit` that leave the
    house. Returns how many were tried. `lease` is longer where `at` stands still meanwhile."""
    return sum(
        _settle_all(sessions, kind, channel, at, lease)
        if channel.at_home
        else _send_some(sessions, kind, channel, at, limit, lease)
        for kind, channel in channels.items()
    )


def _due(kind: str, at: datetime, most: int) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(QUEUED, Delivery.kind == kind, Delivery.next_try_at <= at)
        .order_by(Delivery.next_try_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def _send_some(
    sessions: sessionmaker[Session],
    kind: str,
    channel: Channel,
    at: Callable[[], datetime],
    most: int,
    lease: timedelta,
) -> int:
    """Claimed together, settled one by one: a crash in between repeats one at most."""
    until = time.monotonic() + BEGIN_SECONDS
    waiting = deque(_claim(sessions, kind, at(), most, lease))
    claimed = len(waiting)
    try:
        while waiting and time.monotonic() < until:
            delivery = waiting.popleft()
            outcome = _send(channel, delivery)
            with sessions.begin() as session:
                fresh = session.get_one(Delivery, delivery.id)
                settle(session, fresh, outcome, channel.settled, at())
    finally:
        _give_back(sessions, waiting, at())
    return claimed - len(waiting)


def _claim(
    sessions: sessionmaker[Session], kind: str, at: datetime, most: int, lease: timedelta
) -> Sequence[Delivery]:
    with sessions.begin() as session:
        due = session.scalars(_due(kind, at, most)).all()
        for delivery in due:
            _begin(delivery, at + lease)
    return due


def _begin(delivery: Delivery, until: datetime) -> None:
    """One more try, which is ours until then."""
    delivery.next_try_at = until
    delivery.attempts += 1


def _give_back(
    sessions: sessionmaker[Session], untried: Collection[Delivery], at: datetime
) -> None:
    """What could not be begun early enough in the lease to be sent by us alone."""
    if not untried:
        return
    with sessions.begin() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_([delivery.id for delivery in untried]), QUEUED)
            .values(next_try_at=at, attempts=Delivery.attempts - 1)
        )


def _settle_all(
    sessions: sessionmaker[Session],
    kind: str,
    channel: Channel,
    at: Callable[[], datetime],
    lease: timedelta,
) -> int:
    done = 0
    try:
        while done < MOST_AT_HOME and (some := _settle_some(sessions, kind, channel, at())):
            done += some
            give_way(sessions)
    except Exception:  # one of them, of which the others shall know nothing
        log.exception("deliveries could not be settled together: %s", kind)
        done += _send_some(sessions, kind, channel, at, TOGETHER, lease)
    return done


def _settle_some(sessions: sessionmaker[Session], kind: str, channel: Channel, at: datetime) -> int:
    """As many as fit into a short transaction, in which each of them happens once."""
    until, done = time.monotonic() + HOLD_SECONDS, 0
    with sessions.begin() as session, session.no_autoflush:  # written all at once
        lean = _due(kind, at, TOGETHER).options(defer(Delivery.payload))
        for delivery in session.scalars(lean).all():
            _begin(delivery, at)
            settle(session, delivery, _send(channel, delivery), channel.settled, at)
            done += 1
            if time.monotonic() > until:
                break
    return done


def _send(channel: Channel, delivery: Delivery) -> Outcome:
    try:
        return channel.send(delivery)
    except Exception as error:
        log.exception("delivery %s %s failed", delivery.kind, delivery.id)
        return Outcome(Status.QUEUED, f"{type(error).__name__}: {error}"[:2000])


def settle(
    session: Session, delivery: Delivery, outcome: Outcome, settled: Settled, at: datetime
) -> None:
    if delivery.status != Status.QUEUED:
        return
    delivery.error = outcome.error
    delivery.status = outcome.status
    if outcome.status == Status.QUEUED:
        delivery.next_try_at = at + (outcome.retry_after or backoff(delivery.attempts))
        if delivery.next_try_at > delivery.give_up_at:
            delivery.status = Status.DEAD
    if outcome.status == Status.SENT:
        delivery.sent_at = at
    if delivery.status != Status.QUEUED or delivery.attempts == 1:
        settled(session, delivery, at)


def replay(session: Session, delivery: Delivery, at: datetime) -> None:
    """Give a dead letter another day."""
    delivery.status = Status.QUEUED
    delivery.attempts = 0
    delivery.next_try_at = at
    delivery.give_up_at = at + timedelta(hours=24)
