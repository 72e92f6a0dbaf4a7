"""The one way to readers, and back: a note is published once, whoever presses how often."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.foundation.numbers import next_number
from portal.releases.happenings import PUBLISHED
from portal.releases.models import Release, State
from portal.releases.queries import letters
from portal.releases.service import shipping, showing
from portal.releases.service.drafting import about
from portal.releases.service.holding import hold
from portal.releases.service.refusals import NotNow

NUMBERS: Final = "releases"
UNPUBLISHED: Final = State.DRAFT, State.SCHEDULED


def publish(session: Session, note: Release, *, by: Actor, at: datetime) -> bool:
    """Whether it was this that published it. Raises NotNow for what was withdrawn."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.state == State.PUBLISHED:
        return False
    if note.state not in UNPUBLISHED:
        raise NotNow
    note.state, note.publish_at = State.PUBLISHED, None
    note.published_at = note.updated_at = at
    note.edition += 1  # whoever writes meanwhile is told that readers see it
    note.number = next_number(session, NUMBERS)
    session.flush()
    shipping.ship(session, note, by=by, at=at)
    showing.tell(session, note, at=at)
    outbox.record(session, PUBLISHED, at=at, builder_id=None, release_id=str(note.id))
    _note(session, "release.published", note, by, at)
    return True


def withdraw(session: Session, note: Release, *, by: Actor, at: datetime) -> bool:
    """Readers find it no longer, and letters that have not left stay here. Whether it was there."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.state != State.PUBLISHED:
        return False
    note.state, note.updated_at = State.WITHDRAWN, at
    note.edition += 1
    session.flush()
    showing.tell(session, note, at=at)
    letters.keep_back(session, note.id)
    _note(session, "release.withdrawn", note, by, at)
    return True


def bring_back(session: Session, note: Release, *, by: Actor, at: datetime) -> bool:
    """As it was, with the words that it has now; nobody is told a second time."""
    by.require(Permission.WRITE_NEWS)
    hold(session, note)
    if note.state != State.WITHDRAWN:
        return False
    note.state, note.updated_at = State.PUBLISHED, at
    note.edition += 1
    session.flush()
    showing.tell(session, note, at=at)
    _note(session, "release.restored", note, by, at)
    return True


def _note(session: Session, act: str, note: Release, by: Actor, at: datetime) -> None:
    audit.record(session, act, by=by, at=at, about=about(session, note), number=note.number)
