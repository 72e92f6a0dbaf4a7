"""A time at which the clock publishes a note."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import audit
from portal.core.permissions import SYSTEM, Actor, Permission
from portal.foundation.tenancy import PLATFORM, see
from portal.releases.models import Release, State
from portal.releases.queries import writing as queries
from portal.releases.service import publishing
from portal.releases.service.drafting import about
from portal.releases.service.holding import hold
from portal.releases.service.refusals import NotNow, TooEarly

SOONEST: Final = timedelta(minutes=1)
TOGETHER: Final = 20
log = logging.getLogger(__name__)


def schedule(session: Session, note: Release, when: datetime, *, by: Actor, at: datetime) -> None:
    """For the first time, or for another time. Raises NotNow, TooEarly."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.state not in publishing.UNPUBLISHED:
        raise NotNow
    if when < at + SOONEST:
        raise TooEarly
    note.state, note.publish_at, note.updated_at = State.SCHEDULED, when, at
    session.flush()
    what = about(session, note)
    audit.record(session, "release.scheduled", by=by, at=at, about=what, when=when.isoformat())


def cancel(session: Session, note: Release, *, by: Actor, at: datetime) -> bool:
    """It is a draft again. Whether it was scheduled."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.state != State.SCHEDULED:
        return False
    note.state, note.publish_at, note.updated_at = State.DRAFT, None, at
    session.flush()
    audit.record(session, "release.unscheduled", by=by, at=at, about=about(session, note))
    return True


def publish_due(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: each in a transaction of its own, so that one that fails holds no other up."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        due = queries.due(session, at, TOGETHER)
    return sum(_publish(sessions, key, at) for key in due)


def _publish(sessions: sessionmaker[Session], key: UUID, at: datetime) -> bool:
    """Unless somebody was faster, or has put it off."""
    try:
        with sessions.begin() as session:
            see(session, PLATFORM)
            note = session.get_one(Release, key)
            hold(session, note)
            waits = note.state == State.SCHEDULED and note.publish_at is not None
            if not waits or note.publish_at > at:  # type: ignore[operator]
                return False
            return publishing.publish(session, note, by=SYSTEM, at=at)
    except Exception:
        log.exception("release %s was not published at its time", key)
        return False
