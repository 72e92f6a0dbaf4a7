"""An erasure that was begun, carried out in the background: a few rows at a time, each step safe to
repeat, so that a killed process leaves nothing but work for the next one."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import audit
from portal.accounts.models import SupportAgent, User
from portal.core.permissions import SYSTEM
from portal.foundation.db import Base, give_way
from portal.foundation.deliveries import QUEUED, Delivery, Status
from portal.foundation.idempotency import IdempotencyKey
from portal.foundation.runtime import Runtime, Ticker
from portal.foundation.storage import Store
from portal.foundation.tenancy import PLATFORM, see
from portal.kb.models import Feedback
from portal.kb.service import feedback
from portal.notifications.models import Notification
from portal.privacy import traces
from portal.privacy.models import DataExport, Erasure
from portal.privacy.queries import erasures as queries
from portal.privacy.service import files
from portal.privacy.shelf import Shelf
from portal.privacy.traces import Fate, Put, Scope
from portal.privacy.words import Words

MOST = 200  # rows at once
LOOK_SECONDS = 0.5  # through rows that don't concern the person
MOST_FILES = 10
TURN_SECONDS = 3.0
LEASE = timedelta(minutes=2)
NOWHERE: Final = "erased.invalid"


@dataclass(slots=True)
class Work:
    """A step of one erasure, inside a transaction."""

    session: Session
    erasure: Erasure
    scope: Scope
    words: Words
    store: Store
    shelf: Shelf
    at: datetime

    def count(self, kind: str, number: int) -> None:
        if number:
            counts = self.erasure.counts
            self.erasure.counts = {**counts, kind: counts.get(kind, 0) + number}


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a table that have to be changed; `last` is the last one that was looked at."""

    keys: Sequence[UUID] = ()
    last: UUID | None = None
    over: bool = True


Step = Callable[[Work, Found], bool]
"""Does some of it; whether the step is finished."""


def working(runtime: Runtime) -> Ticker:
    def work(sessions: sessionmaker[Session], at: datetime) -> int:
        """Clock work: goes on with one erasure for some seconds; how many transactions it took."""
        key = _claim(sessions, at)
        if key is None:
            return 0
        until, done = time.monotonic() + TURN_SECONDS, 0
        while _go_on(runtime, sessions, key, at):
            done += 1
            if time.monotonic() > until:
                break
            give_way(sessions)
        _give_back(sessions, key)
        return done + 1

    return work


def _claim(sessions: sessionmaker[Session], at: datetime) -> UUID | None:
    with sessions.begin() as session:
        see(session, PLATFORM)
        erasure = queries.running(session, at)
        if erasure is None:
            return None
        erasure.claimed_until = at + LEASE
        return erasure.id


def _give_back(sessions: sessionmaker[Session], key: UUID) -> None:
    with sessions.begin() as session:
        see(session, PLATFORM)
        session.get_one(Erasure, key).claimed_until = None


def _go_on(runtime: Runtime, sessions: sessionmaker[Session], key: UUID, at: datetime) -> bool:
    """Looks for what is to be done without keeping anybody from writing, then one transaction;
    whether more is to be done."""
    with runtime.readers() as session:
        see(session, PLATFORM)
        erasure = session.get_one(Erasure, key)
        if erasure.state != "running":
            return False
        name = _name_of(erasure)
        found = _look(_work(runtime, session, erasure, at), name)
    with sessions.begin() as session:
        see(session, PLATFORM)
        erasure = session.get_one(Erasure, key, with_for_update=True)
        if erasure.state != "running" or _name_of(erasure) != name:
            return False  # somebody else has gone on
        if _step(name)(_work(runtime, session, erasure, at), found):
            plan = traces.plan()
            later = plan[plan.index(name) + 1 :]
            erasure.step, erasure.position = (later[0] if later else ""), None
        return erasure.state == "running"


def _name_of(erasure: Erasure) -> str:
    plan = traces.plan()
    return erasure.step if erasure.step in plan else plan[0]


def _work(runtime: Runtime, session: Session, erasure: Erasure, at: datetime) -> Work:
    return Work(
        session,
        erasure,
        Scope(erasure.builder_id, erasure.wholly),
        Words(**erasure.names),
        runtime.store,
        Shelf(runtime.settings.data),
        at,
    )


def _step(name: str) -> Step:
    kind, _blank, about = name.partition(" ")
    match kind:
        case "tie":
            return lambda work, found: _untie(work, found, about)
        case "words":
            return lambda work, found: _take_out(work, found, Base.metadata.tables[about])
    return {
        traces.FILES: _files,
        traces.EXPORTS: _exports,
        traces.INBOX: _inbox,
        traces.PERSON: _person,
    }[kind]


def _look(work: Work, name: str) -> Found:
    """Through the rows of a table in the order of their keys, until there are some to change."""
    kind, _blank, about = name.partition(" ")
    if kind == "tie":
        column = traces.ties_to_people()[about]
        person = work.erasure.user_id
        return _through(work, _table(column), [column], lambda values: values[0] == person)
    if kind == "words":
        table = Base.metadata.tables[about]
        columns = traces.wordy(table)
        return _through(
            work, table, columns, lambda values: any(traces.changed(work.words, columns, values))
        )
    return Found()


def _through(
    work: Work,
    table: Table,
    columns: Sequence[Column[Any]],
    concerns: Callable[[Sequence[Any]], bool],
) -> Found:
    within = work.scope.within(table)
    if within is None:
        return Found()
    place, until = work.erasure.position, time.monotonic() + LOOK_SECONDS
    query = select(table.c.id, *columns).where(within).order_by(table.c.id).limit(MOST)
    while True:
        some = query if place is None else query.where(table.c.id > place)
        rows = work.session.execute(some).all()
        keys = [key for key, *values in rows if concerns(values)]
        place = rows[-1][0] if rows else place
        over = len(rows) < MOST
        if keys or over or time.monotonic() > until:
            return Found(keys, place, over)


def _table(column: Column[Any]) -> Table:
    return Base.metadata.tables[column.table.name]


def _files(work: Work, _found: Found) -> bool:
    """The bytes first: while the row is there, whoever goes on knows of them."""
    if not work.erasure.with_files:
        return True
    found = files.of_person(work.session, work.erasure.user_id, work.scope, MOST_FILES)
    files.remove(work.session, work.store, found)
    work.count("files", len(found))
    return len(found) < MOST_FILES


def _exports(work: Work, _found: Found) -> bool:
    person, scope = work.erasure.user_id, work.scope
    whose = DataExport.user_id == person
    if scope.wholly:
        whose = or_(whose, DataExport.asked_by_id == person)
    elif scope.builder_id is not None:
        whose = whose & (DataExport.builder_id == scope.builder_id)
    for key in work.session.scalars(select(DataExport.id).where(whose)).all():
        work.shelf.clear(key)
        work.session.execute(delete(DataExport).where(DataExport.id == key))
        work.count("exports", 1)
    return True


def _inbox(work: Work, _found: Found) -> bool:
    """What the person was told, and the answers that are kept for their programs."""
    table = Base.metadata.tables["notifications"]
    person = work.erasure.user_id
    within = work.scope.within(table)
    gone = work.session.execute(
        delete(Notification).where(
            Notification.user_id == person, *([] if within is None else [within])
        )
    )
    work.count("notifications", gone.rowcount)  # type: ignore[attr-defined]
    _stop_letters(work)
    work.session.execute(delete(IdempotencyKey).where(IdempotencyKey.owner_id == person))
    return True


def _stop_letters(work: Work) -> None:
    """What is on its way to somebody who is to be forgotten."""
    to = func.lower(Delivery.recipient) == work.words.email.casefold()
    within = work.scope.within(Base.metadata.tables["deliveries"])
    work.session.execute(
        update(Delivery)
        .where(QUEUED, to, *([] if within is None else [within]))
        .values(status=Status.CANCELLED)
    )


def _untie(work: Work, found: Found, name: str) -> bool:
    column, tie = traces.ties_to_people()[name], traces.TIES[name]
    table = _table(column)
    still = [table.c.id.in_(found.keys), column == work.erasure.user_id]
    if tie.fate is Fate.DELETE:
        if table.name == Feedback.__tablename__:
            feedback.uncount(work.session, *still)
        work.session.execute(delete(table).where(*still))
    else:
        values = {column.name: None, **_beside(work, tie.beside)}
        work.session.execute(update(table).where(*still).values(values))
    work.count(table.name, len(found.keys))
    work.erasure.position = found.last
    return found.over


def _beside(work: Work, puts: Mapping[str, Put]) -> dict[str, Any]:
    values = {
        Put.FORMER: work.words.former,
        Put.NOTHING: "",
        Put.NULL: None,
        Put.NOW: work.at,
    }
    return {name: values[put] for name, put in puts.items()}


def _take_out(work: Work, found: Found, table: Table) -> bool:
    """From the rows as they are now: somebody may have written meanwhile."""
    columns = traces.wordy(table)
    rows = work.session.execute(
        select(table.c.id, *columns).where(table.c.id.in_(found.keys)).with_for_update()
    )
    for key, *values in rows.all():
        changed = dict(traces.changed(work.words, columns, values))
        if changed:
            work.session.execute(update(table).where(table.c.id == key).values(changed))
            work.count("places", 1)
    work.erasure.position = found.last
    return found.over


def _person(work: Work, _found: Found) -> bool:
    """Last: until here it is known whom to look for."""
    erasure = work.erasure
    if erasure.wholly:
        user = work.session.get_one(User, erasure.user_id)
        user.name, user.email = work.words.former, f"{user.id.hex}@{NOWHERE}"
        user.password_hash, user.disabled_at = "", user.disabled_at or work.at
        user.locale, user.zone = "en", "UTC"
        work.session.execute(
            update(SupportAgent)
            .where(SupportAgent.user_id == user.id)
            .values(display_name=work.words.former, is_available=False, specialties=[])
        )
    erasure.state, erasure.done_at, erasure.names = "done", work.at, {}
    audit.record(
        work.session,
        "erasure.done",
        by=SYSTEM,
        at=work.at,
        builder_id=erasure.builder_id,
        role=erasure.role,
        files=erasure.counts.get("files", 0),
        tickets=erasure.counts.get("support_tickets", 0),
        messages=erasure.counts.get("ticket_messages", 0),
    )
    return True
