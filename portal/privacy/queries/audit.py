"""Entries of the audit log, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import AuditEntry, Builder
from portal.foundation.keyset import beyond, newest_first
from portal.foundation.paging import Cursor, Page
from portal.foundation.tenancy import see

PAGE_ROWS = 50
AT_ONCE = 500  # rows of an export
_ORDER = (AuditEntry.at, AuditEntry.id)


@dataclass(frozen=True, slots=True)
class Sought:
    """What the reader looks for. `since` is in, `until` is out; `builder_id` narrows the platform's
    log to one builder's."""

    who: str = ""
    act: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    builder_id: UUID | None = None


def entries(session: Session, sought: Sought, cursor: Cursor | None) -> Page[AuditEntry]:
    """Of the session's tenant."""
    return newest_first(session, _matching(sought), _ORDER, cursor, PAGE_ROWS)


def _matching(sought: Sought) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if sought.builder_id is not None:
        query = query.where(AuditEntry.builder_id == sought.builder_id)
    if sought.act:
        query = query.where(AuditEntry.act == sought.act)
    if sought.since is not None:
        query = query.where(AuditEntry.at >= sought.since)
    if sought.until is not None:
        query = query.where(AuditEntry.at < sought.until)
    for column, words in ((AuditEntry.by_name, sought.who), (AuditEntry.about, sought.about)):
        if words:
            query = query.where(column.icontains(words, autoescape=True))
    return query


def every_entry(
    sessions: sessionmaker[Session], tenant: UUID | str, sought: Sought
) -> Iterator[AuditEntry]:
    """All of them, some at a time: nobody holds the database for as long as a download lasts."""
    place: Cursor | None = None
    while True:
        query = _matching(sought)
        if place is not None:
            query = query.where(beyond(_ORDER, place))
        with sessions() as session:
            see(session, tenant)
            newest = query.order_by(*(column.desc() for column in _ORDER)).limit(AT_ONCE)
            found = session.scalars(newest).all()
        yield from found
        if len(found) < AT_ONCE:
            return
        place = Cursor(found[-1].at, found[-1].id)


def builders(session: Session) -> list[Builder]:
    return list(session.scalars(select(Builder).order_by(Builder.name, Builder.id)))
