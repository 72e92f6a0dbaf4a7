"""A person's data in one file: asked for, made in the background, there for a week."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from flask_babel import force_locale
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import audit
from portal.accounts.models import User
from portal.core.permissions import Actor
from portal.foundation.runtime import Runtime, Ticker
from portal.foundation.tenancy import PLATFORM, see
from portal.notifications.kinds import KINDS
from portal.notifications.service import About, notify
from portal.policy.wording import locale_of
from portal.privacy import archive
from portal.privacy.models import DataExport
from portal.privacy.queries import exports as queries
from portal.privacy.queries.people import Concerned
from portal.privacy.service import collecting
from portal.privacy.service.collecting import Whose
from portal.privacy.shelf import Shelf

log = logging.getLogger(__name__)

KEPT = timedelta(days=7)
LEASE = timedelta(minutes=5)  # what a killed process was making is begun anew
MOST_ATTEMPTS = 3
STEP = 20  # tickets between two looks at how far it is
MOST = 20  # files that one turn clears away
KIND = "export_ready"
PLACE = "/account/data"


def ask_for_oneself(session: Session, *, by: Actor, at: datetime) -> DataExport:
    """At a portal the builder's part, at the platform everything."""
    if by.user_id is None:
        raise ValueError("nobody is nobody's data")
    return _asked(session, by.user_id, by.builder_id if by.is_portal_user else None, by, at)


def ask_for(session: Session, member: Concerned, *, by: Actor, at: datetime) -> DataExport:
    """Somebody who answers for a company's data; of its own part alone."""
    audit.record(
        session,
        "export.asked",
        by=by,
        at=at,
        builder_id=member.builder_id,
        about=member.user.name,
        role=member.role,
    )
    return _asked(session, member.user_id, member.builder_id, by, at)


def _asked(
    session: Session, user_id: UUID, scope: UUID | None, by: Actor, at: datetime
) -> DataExport:
    """The one that is being made already, or a new one."""
    assert by.user_id is not None  # noqa: S101  whoever may ask is signed in
    export = DataExport(user_id=user_id, builder_id=scope, asked_by_id=by.user_id, asked_at=at)
    try:
        with session.begin_nested():
            session.add(export)
    except IntegrityError:
        there = queries.wanted(session, by.user_id, user_id)
        if there is None:
            raise
        return there
    return export


def building(runtime: Runtime) -> Ticker:
    def build(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work: makes one file, clears away what has been there for a week."""
        shelf = Shelf(runtime.settings.data)
        return _clear(sessions, shelf, at) + _build_next(runtime, sessions, shelf, at)

    return build


def _build_next(
    runtime: Runtime, sessions: sessionmaker[Session], shelf: Shelf, at: datetime
) -> int:
    key = _claim(sessions, at)
    if key is None:
        return 0
    try:
        _make(runtime, sessions, shelf, key, at)
    except Exception:
        log.exception("export %s failed", key)
        _fail(sessions, shelf, key)
    return 1


def _claim(sessions: sessionmaker[Session], at: datetime) -> UUID | None:
    with sessions.begin() as session:
        key = queries.waiting(session, at)
        if key is not None:
            session.execute(
                update(DataExport)
                .where(DataExport.id == key)
                .values(claimed_until=at + LEASE, attempts=DataExport.attempts + 1)
            )
    return key


def _fail(sessions: sessionmaker[Session], shelf: Shelf, key: UUID) -> None:
    with sessions.begin() as session:
        export = session.get_one(DataExport, key)
        if export.attempts >= MOST_ATTEMPTS:
            export.state = "failed"
    shelf.clear(key)


def _make(
    runtime: Runtime, sessions: sessionmaker[Session], shelf: Shelf, key: UUID, at: datetime
) -> None:
    """Read a ticket at a time, so that nobody's work waits for it."""
    readers = runtime.readers
    with readers() as session:
        see(session, PLATFORM)
        export = session.get_one(DataExport, key)
        whose = Whose(export.user_id, export.builder_id)
        asker = session.get_one(User, export.asked_by_id)
        locale, keys = asker.locale, collecting.tickets(session, whose)
    with shelf.making(key) as file, force_locale(str(locale_of(locale))):
        with readers() as session:
            see(session, PLATFORM)
            data: dict[str, Any] = collecting.person(session, whose)
        data["tickets"] = []
        with ZipFile(file, "w", ZIP_DEFLATED) as bundle:
            for done, ticket_id in enumerate(keys):
                if done % STEP == 0:
                    _tell(sessions, key, done, len(keys))
                with readers() as session:
                    see(session, PLATFORM)
                    found = collecting.case(session, whose, ticket_id, at)
                data["tickets"].append(found.facts)
                archive.add_files(bundle, runtime.store, found.files)
            archive.add_data(bundle, data, at)
    _finish(sessions, shelf, key, at)


def _tell(sessions: sessionmaker[Session], key: UUID, done: int, total: int) -> None:
    with sessions.begin() as session:
        session.execute(
            update(DataExport).where(DataExport.id == key).values(done=done, total=total)
        )


def _finish(sessions: sessionmaker[Session], shelf: Shelf, key: UUID, at: datetime) -> None:
    """The file is there before its row says so; an older one of the same goes."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        export = session.get_one(DataExport, key)
        older = queries.earlier(session, export)
        for one in older:
            one.state = "gone"
        export.state, export.done, export.claimed_until = "ready", export.total, None
        export.ready_at, export.expires_at = at, at + KEPT
        export.size = shelf.size(key)
        user = session.get_one(User, export.user_id)
        own = export.user_id == export.asked_by_id
        notify(
            session,
            [export.asked_by_id],
            KIND,
            facts={"name": user.name, "due": export.expires_at.isoformat()},
            url=PLACE if own else f"{PLACE}/{export.id}",
            at=at,
            event_id=export.id,
            about=About(
                builder_id=export.builder_id,
                portal=export.builder_id if own else None,
                headline=KINDS[KIND].headline,
            ),
        )
    for one in older:
        shelf.clear(one.id)


def _clear(sessions: sessionmaker[Session], shelf: Shelf, at: datetime) -> int:
    """Rows last: what is killed in between is cleared away again."""
    with sessions.begin() as session:
        old = queries.over(session, at, MOST)
        for export in old:
            shelf.clear(export.id)
            export.state = "gone"
    return len(old)
