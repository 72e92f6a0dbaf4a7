"""Files that nobody will ask for: of forms that were left, of transactions that failed."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.clock import utcnow
from portal.foundation.runtime import Ticker
from portal.foundation.storage import Store
from portal.foundation.tenancy import PLATFORM, see
from portal.tickets.models import Attachment

KEPT = timedelta(days=1)  # for a form that is still open, a transaction that still runs
ASIDE = timedelta(days=30)  # for whoever restored the wrong database beside these files
MOST = 100  # abandoned files that one turn removes
TURN = 5  # seconds, the clock's slot
FOLDERS = 16  # that one turn looks into: all of them within six hours

Keeper = Callable[[Session, Sequence[str]], set[str]]
"""Which of these files of the store another feature has a row for."""


def clearing(store: Store, *keepers: Keeper) -> Ticker:
    def clear(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work, a little each turn; how many files are gone."""
        # the disk has its own time: `at` may lie far ahead of what is being uploaded now
        now = min(at, utcnow())
        before = (now - KEPT).timestamp()
        done = _clear_abandoned(sessions, store, at) + store.discard_unfinished(before)
        first = int(now.timestamp()) // TURN * FOLDERS
        keys = set[str]().union(*(store.old_keys(first + n, before) for n in range(FOLDERS)))
        done += _set_orphans_aside(sessions, store, keys, now, keepers)
        store.discard_aside((now - ASIDE).timestamp())
        return done

    return clear


def _clear_abandoned(sessions: sessionmaker[Session], store: Store, at: datetime) -> int:
    """Rows first: a file without a row is found again, a row without its file is a broken link."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        old = (
            select(Attachment.id)
            .where(Attachment.ticket_id.is_(None), Attachment.created_at < at - KEPT)
            .limit(MOST)
        )
        keys = session.scalars(
            delete(Attachment)
            .where(Attachment.id.in_(old), Attachment.ticket_id.is_(None))
            .returning(Attachment.storage_key)
            .execution_options(synchronize_session=False)
        ).all()
    for key in keys:
        store.delete(key)
    return len(keys)


def _set_orphans_aside(
    sessions: sessionmaker[Session],
    store: Store,
    keys: Collection[str],
    now: datetime,
    keepers: Sequence[Keeper],
) -> int:
    if not keys:
        return 0
    with sessions() as session:
        see(session, PLATFORM)
        known = select(Attachment.storage_key).where(Attachment.storage_key.in_(keys))
        orphans = set(keys) - set(session.scalars(known))
        for kept in keepers:
            orphans -= kept(session, sorted(orphans))
    for key in orphans:
        store.set_aside(key, now.timestamp())
    return len(orphans)
