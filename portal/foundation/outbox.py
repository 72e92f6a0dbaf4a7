"""What happened, kept beside what changed, until every subscriber has dealt with it.

`record()` adds the event to the caller's transaction and rings after its commit. `drain()` deals
with many events in one transaction, each behind a savepoint: all that its subscribers do, and that
it is done, or nothing of it. Where one fails, each subscriber of that event gets a transaction of
its own together with an effect row, so that the broken one is tried again without the others.
Either way an effect on the database happens once, however often the event is delivered.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.foundation.afterwards import after_commit
from portal.foundation.db import HOLD_SECONDS, Base, give_way, only_where
from portal.foundation.tenancy import PLATFORM, see

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)  # what a killed worker held is done by another within 30 s
MAX_TRIES = 6
TOGETHER = 25  # events a transaction
BELL = "outbox_bell"


_OPEN = text("done_at IS NULL AND dead_at IS NULL")
_DONE = text("done_at IS NOT NULL")
_DEAD = text("dead_at IS NOT NULL")


class OutboxEvent(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_try_at", "id", **only_where(_OPEN)),
        Index("ix_outbox_done", "done_at", **only_where(_DONE)),
        Index("ix_outbox_dead", "created_at", "id", **only_where(_DEAD)),
    )

    kind: Mapped[str] = mapped_column(String(60))
    builder_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class Effect(Base):
    """One subscriber has dealt with one event."""

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("event_id", "subscriber"),)

    event_id: Mapped[UUID]
    subscriber: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Event:
    """What a subscriber is given."""

    id: UUID
    kind: str
    builder_id: UUID | None
    payload: Mapping[str, Any]
    at: datetime


Handler = Callable[[Session, Event], None]
Subscribers = Mapping[str, Sequence[Handler]]


def record(
    session: Session,
    kind: str,
    *,
    at: datetime,
    builder_id: UUID | None,
    not_before: datetime | None = None,
    **payload: Any,
) -> None:
    """Payload values must be JSON: ids as text."""
    session.add(
        OutboxEvent(
            kind=kind,
            builder_id=builder_id,
            payload=payload,
            created_at=at,
            next_try_at=not_before or at,
        )
    )
    if not_before is None and (bell := session.info.get(BELL)):
        after_commit(session, BELL, bell)


def drain(
    sessions: sessionmaker[Session], subscribers: Subscribers, *, at: datetime, limit: int = 200
) -> int:
    """Deal with up to `limit` open events, oldest first. Returns how many were finished."""
    finished = left = 0
    while left < limit:
        batch = _deal_with_some(sessions, subscribers, at, min(TOGETHER, limit - left))
        alone = sum(_deal_with(sessions, subscribers, key, at) for key in batch.alone)
        finished += len(batch.done) + alone
        left += len(batch.done) + len(batch.alone)
        if not batch.more:
            break
        give_way(sessions)
    return finished


@dataclass(slots=True)
class _Batch:
    """Keys of events: dealt with, and those that need transactions of their own."""

    done: list[UUID] = field(default_factory=list)
    alone: list[UUID] = field(default_factory=list)
    more: bool = False


def _deal_with_some(
    sessions: sessionmaker[Session], subscribers: Subscribers, at: datetime, most: int
) -> _Batch:
    """As many as fit into a short transaction; somebody else's are skipped."""
    batch, until = _Batch(), time.monotonic() + HOLD_SECONDS
    with sessions.begin() as session:
        see(session, PLATFORM)
        found = _open_events(session, at, most)
        effects = _effects(session, (happened.id for happened, _ in found))
        for happened, tried in found:
            if time.monotonic() > until:
                break
            whole = not tried and _whole(session, subscribers, happened, effects)
            (batch.done if whole else batch.alone).append(happened.id)
        session.execute(
            update(OutboxEvent).where(OutboxEvent.id.in_(batch.done)).values(done_at=at)
        )
    looked_at = len(batch.done) + len(batch.alone)
    batch.more = looked_at == most or looked_at < len(found)
    return batch


def _open_events(session: Session, at: datetime, most: int) -> list[tuple[Event, int]]:
    """The oldest that are due and in nobody's hands, with how often each was tried."""
    rows = session.scalars(
        select(OutboxEvent)
        .where(_OPEN, OutboxEvent.next_try_at <= at)
        .order_by(OutboxEvent.next_try_at, OutboxEvent.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    return [
        (Event(row.id, row.kind, row.builder_id, row.payload, row.created_at), row.attempts)
        for row in rows
    ]


def _effects(session: Session, event_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Who has dealt with which, in transactions of their own."""
    rows = session.execute(
        select(Effect.event_id, Effect.subscriber).where(Effect.event_id.in_(list(event_ids)))
    )
    return {(event_id, subscriber) for event_id, subscriber in rows}


def _whole(
    session: Session,
    subscribers: Subscribers,
    happened: Event,
    effects: Collection[tuple[UUID, str]],
) -> bool:
    """Whether every subscriber managed; else nothing of what they did is left."""
    try:
        with session.begin_nested():
            for handler in subscribers.get(happened.kind, ()):
                if (happened.id, _name(handler)) not in effects:
                    handler(session, happened)
    except Exception:  # told when it is tried again by itself
        log.info("event %s %s needs a try by itself", happened.kind, happened.id)
        return False
    return True


def _deal_with(
    sessions: sessionmaker[Session], subscribers: Subscribers, event_id: UUID, at: datetime
) -> bool:
    claimed = _claim(sessions, event_id, at)
    if claimed is None:
        return False
    try:
        for handler in subscribers.get(claimed.kind, ()):
            _once(sessions, handler, claimed)
    except Exception as error:
        log.exception("event %s %s failed", claimed.kind, event_id)
        _fail(sessions, event_id, at, error)
        return False
    with sessions.begin() as session:
        session.execute(update(OutboxEvent).where(OutboxEvent.id == event_id).values(done_at=at))
    return True


def _claim(sessions: sessionmaker[Session], event_id: UUID, at: datetime) -> Event | None:
    with sessions.begin() as session:
        taken = session.execute(
            update(OutboxEvent)
            .where(OutboxEvent.id == event_id, _OPEN, OutboxEvent.next_try_at <= at)
            .values(next_try_at=at + LEASE)
            .returning(
                OutboxEvent.kind,
                OutboxEvent.builder_id,
                OutboxEvent.payload,
                OutboxEvent.created_at,
            )
        ).one_or_none()
    if taken is None:
        return None
    kind, builder_id, payload, created_at = taken
    return Event(event_id, kind, builder_id, payload, created_at)


def _once(sessions: sessionmaker[Session], handler: Handler, happened: Event) -> None:
    name = _name(handler)
    with sessions.begin() as session:
        see(session, PLATFORM)
        done = select(Effect.id).where(Effect.event_id == happened.id, Effect.subscriber == name)
        if session.scalar(done):
            return
        session.add(Effect(event_id=happened.id, subscriber=name, at=happened.at))
        session.flush()
        handler(session, happened)


def _name(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def _fail(sessions: sessionmaker[Session], event_id: UUID, at: datetime, error: Exception) -> None:
    with sessions.begin() as session:
        row = session.get_one(OutboxEvent, event_id)
        row.attempts += 1
        row.error = f"{type(error).__name__}: {error}"[:2000]
        row.next_try_at = at + backoff(row.attempts)
        if row.attempts >= MAX_TRIES:
            row.dead_at = at


def backoff(attempts: int) -> timedelta:
    """5 s, 20 s, 80 s, … at most an hour."""
    return timedelta(seconds=min(5 * 4 ** (attempts - 1), 3600))
