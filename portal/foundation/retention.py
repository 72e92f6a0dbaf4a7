"""Events that everybody has dealt with are machinery, and forgotten after a while.

What happened stands on the timelines. An event that was given up stays, whatever its age.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.clock import utcnow
from portal.foundation.outbox import Effect, OutboxEvent
from portal.foundation.runtime import Ticker

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
