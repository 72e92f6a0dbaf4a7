"""What happened, kept beside what changed, until every subscriber has dealt with it.

`record()` adds the event to the caller's transaction and rings after its commit. `drain()`
runs each subscriber in a transaction of its own together with an effect row, so an effect on
the database happens once however often the event is delivered.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, event, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.foundation.db import Base
from portal.foundation.tenancy import PLATFORM, see

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)  # what a killed worker held is done by another within 30 s
MAX_TRIES = 6
_RANG = "outbox_rang"
BELL = "outbox_bell"


_OPEN = text("done_at IS NULL AND dead_at IS NULL")


class OutboxEvent(Base):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_try_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
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
    session.info[_RANG] = not_before is None or session.info.get(_RANG, False)


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    if session.info.pop(_RANG, False) and (bell := session.info.get(BELL)):
        bell()


@event.listens_for(Session, "after_rollback")
def _hush(session: Session) -> None:
    session.info.pop(_RANG, None)


def drain(
    sessions: sessionmaker[Session], subscribers: Subscribers, *, at: datetime, limit: int = 200
) -> int:
    """Deal with up to `limit` open events, oldest first. Returns how many were finished."""
    with sessions() as session:
        ids = session.scalars(
            select(OutboxEvent.id)
            .where(_OPEN, OutboxEvent.next_try_at <= at)
            .order_by(OutboxEvent.next_try_at, OutboxEvent.id)
            .limit(limit)
        ).all()
    return sum(_deal_with(sessions, subscribers, event_id, at) for event_id in ids)


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
    name = f"{handler.__module__}.{handler.__qualname__}"
    with sessions.begin() as session:
        see(session, PLATFORM)
        done = select(Effect.id).where(Effect.event_id == happened.id, Effect.subscriber == name)
        if session.scalar(done):
            return
        session.add(Effect(event_id=happened.id, subscriber=name, at=happened.at))
        session.flush()
        handler(session, happened)


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
