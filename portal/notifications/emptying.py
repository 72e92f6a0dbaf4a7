"""What a letter said, in two renderings, is the bulk of the database and kept for a while only.

To whom it went, about what and when stays; so does everything of a letter that was given up.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.clock import utcnow
from portal.foundation.deliveries import FULL, Delivery
from portal.foundation.runtime import Ticker
from portal.notifications.mailing import KIND

MOST = 100  # letters that one turn empties
NOTHING = {"text": "", "html": None}


def emptying(kept: timedelta | None) -> Ticker:
    """`kept` None is for ever."""

    def empty(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work; how many letters have lost their words."""
        if kept is None:
            return 0
        before = min(at, utcnow()) - kept  # a turn as of next year must not empty this one's
        with sessions.begin() as session:
            letters = session.scalars(
                select(Delivery)
                .where(FULL, Delivery.kind == KIND, Delivery.next_try_at < before)
                .order_by(Delivery.next_try_at)
                .limit(MOST)
                .with_for_update(skip_locked=True)
            ).all()
            for letter in letters:
                letter.payload = letter.payload | NOTHING
                letter.emptied_at = at
        return len(letters)

    return empty
