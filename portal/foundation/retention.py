"""What is forgotten after a while: events that everybody has dealt with, and logs of readers.

What happened stands on the timelines. An event that was given up stays, whatever its age.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from portal.foundation.clock import utcnow
from portal.foundation.outbox import Effect, OutboxEvent
from portal.foundation.runtime import Ticker
from portal.foundation.tenancy import PLATFORM, see

MOST = 500  # events that one turn forgets


def forgetting(kept: timedelta | None) -> Ticker:
    """`kept` None is for ever."""

    def forget(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work; how many events are gone, with what was noted of their effects."""
        if kept is None:
            return 0
        before = min(at, utcnow()) - kept  # a turn as of next year must not forget this one
        with sessions.begin() as session:
            old = session.scalars(
                select(OutboxEvent.id)
                .where(OutboxEvent.done_at < before)
                .order_by(OutboxEvent.done_at)
                .limit(MOST)
                .with_for_update(skip_locked=True)
            ).all()
            if old:
                session.execute(delete(Effect).where(Effect.event_id.in_(old)))
                session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(old)))
        return len(old)

    return forget


def outdating(column: InstrumentedAttribute[datetime], kept: timedelta | None) -> Ticker:
    """Of a log, whose rows are as old as `column` says. `kept` None is for ever."""
    log = column.class_

    def forget(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work; how many rows are gone."""
        if kept is None:
            return 0
        before = min(at, utcnow()) - kept
        with sessions.begin() as session:
            see(session, PLATFORM)
            query = select(log.id).where(column < before).order_by(column, log.id).limit(MOST)
            old = session.scalars(query).all()
            if old:
                session.execute(
                    delete(log).where(log.id.in_(old)).execution_options(synchronize_session=False)
                )
        return len(old)

    return forget
