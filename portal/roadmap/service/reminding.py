"""Once a month those who run the roadmap are asked whether what it says still holds."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from portal.foundation import outbox
from portal.foundation.tenancy import PLATFORM, see
from portal.roadmap.happenings import STALE
from portal.roadmap.queries import items

HOLDS: Final = timedelta(days=31)


def remind(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: one list of all that nobody has touched, a month after the last one at most."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        last = items.last_reminder(session)
        if last is not None and last > at - HOLDS:
            return 0
        stale = items.untouched(session, at - HOLDS)
        if not stale:
            return 0
        for item in stale:
            item.reminded_at = at
        outbox.record(
            session, STALE, at=at, builder_id=None, count=len(stale), item_id=str(stale[0].id)
        )
        return len(stale)
