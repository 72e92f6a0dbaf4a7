"""Pictures that are pasted into what everybody will read."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Update, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.core.permissions import Actor, Permission
from portal.foundation.files import Upload, columns, put
from portal.foundation.runtime import Ticker
from portal.foundation.storage import RefusedFile, Store
from portal.writing.addresses import PICTURES
from portal.writing.models import Picture

LOOSE: Final = timedelta(days=30)  # for a draft that somebody comes back to
TOGETHER: Final = 100
_WRITTEN: Final = re.compile(rf"{PICTURES}/([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")


def keep(
    session: Session, store: Store, upload: Upload, *, by: Actor, at: datetime, limit: int
) -> Picture:
    """Raises RefusedFile (also not_an_image) and StoreUnavailable."""
    by.require(Permission.TAKE_PART)
    stored = put(store, upload, limit)
    if stored.kind != "image":
        store.delete(stored.key)
        raise RefusedFile("not_an_image", stored.filename, extension="")
    picture = Picture(uploaded_by=by.user_id, **columns(stored, at))
    session.add(picture)
    session.flush()
    return picture


def show(session: Session, markdown: str, *, author_id: UUID | None, at: datetime) -> None:
    """Whoever may read the text sees them from now on, if its writer brought them: nobody
    publishes what somebody else has only pasted into a draft."""
    if keys := keys_in(markdown):
        own = Picture.id.in_(keys), Picture.uploaded_by == author_id
        _set(session, update(Picture).where(*own, Picture.shown_at.is_(None)).values(shown_at=at))


def show_again(session: Session, markdown: str) -> None:
    """Of a text that is back."""
    if keys := keys_in(markdown):
        _set(session, update(Picture).where(Picture.id.in_(keys)).values(hidden_at=None))


def hide(session: Session, markdown: str, *, at: datetime) -> None:
    """Of a text that is gone; another one that shows the same picture shows it no more."""
    if keys := keys_in(markdown):
        _set(session, update(Picture).where(Picture.id.in_(keys)).values(hidden_at=at))


def readable(session: Session, key: UUID, by: Actor | None) -> Picture | None:
    """By anybody what is shown, by its bringer and by moderators the rest."""
    found = session.get(Picture, key)
    if found is None or (found.shown_at is not None and found.hidden_at is None):
        return found
    if by is None:
        return None
    own = by.user_id is not None and found.uploaded_by == by.user_id
    return found if own or by.may(Permission.MODERATE) else None


def kept_files(session: Session, keys: Sequence[str]) -> set[str]:
    """Which files of the store are such pictures."""
    return set(session.scalars(select(Picture.storage_key).where(Picture.storage_key.in_(keys))))


def clearing(store: Store) -> Ticker:
    def clear(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work: those that nothing ever showed. Rows first: a file without a row is found
        again, a row without its file is a broken picture."""
        with sessions.begin() as session:
            old = Picture.shown_at.is_(None), Picture.created_at < at - LOOSE
            some = select(Picture.id).where(*old).limit(TOGETHER)
            gone = session.scalars(
                delete(Picture)
                .where(Picture.id.in_(some))
                .returning(Picture.storage_key)
                .execution_options(synchronize_session=False)
            ).all()
        for key in gone:
            store.delete(key)
        return len(gone)

    return clear


def keys_in(markdown: str) -> list[UUID]:
    return [UUID(key) for key in _WRITTEN.findall(markdown)]


def _set(session: Session, change: Update) -> None:
    session.execute(change.execution_options(synchronize_session=False))
