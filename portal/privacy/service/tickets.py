"""Tickets that are old enough: made nobody's, or gone with everything that hangs on them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import Column, ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from portal.core.permissions import Role
from portal.foundation.db import Base
from portal.foundation.deliveries import Delivery
from portal.foundation.speech import gettext as _
from portal.foundation.storage import Store
from portal.notifications.models import Notification
from portal.policy.wording import locale_of
from portal.privacy import traces
from portal.privacy.traces import Fate
from portal.privacy.words import Words
from portal.tickets.models import Attachment, Message, Ticket
from portal.writing.models import Draft

TICKETS, MESSAGES = "support_tickets", "ticket_messages"
OUTLIVE = frozenset(
    {"forum_posts.source_ticket_id", "kb_topics.source_ticket_id", "kb_readings.ticket_id"}
)
"""What only says which ticket it came from, or led to, and stays when that is gone."""


def former(role: str, locale: str) -> dict[str, str]:
    """What stands for a name and for an address, in the language of the record."""
    with force_locale(str(locale_of(locale))):
        names = {Role.CLIENT: _("Former client"), Role.VENDOR: _("Former vendor")}
        name = names.get(role, _("Former member"))  # type: ignore[call-overload]
        return {"former": str(name), "gone": str(_("(address removed)"))}


def make_nobodys(session: Session, ticket: Ticket, locale: str, at: datetime) -> None:
    """The words stay, without the name and address of whoever asked."""
    words = Words(
        ticket.requester_name, ticket.requester_email, **former(ticket.requester_role, locale)
    )
    asker = ticket.requester_id
    said = session.scalars(select(Message.id).where(Message.ticket_id == ticket.id)).all()
    for table, hangs in _around(ticket.id, said):
        _take_out(session, table, hangs, words)
        if asker is not None:
            _untie(session, table, hangs, asker, words)
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket.id)
        .values(
            requester_id=None,
            requester_name=words.former,
            requester_email="",
            submission_key=None,
            anonymised_at=at,
        )
        .execution_options(synchronize_session=False)
    )


def _around(ticket_id: UUID, said: Sequence[UUID]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The rows that stand around one ticket, its own among them."""
    tables = Base.metadata.tables
    yield tables[TICKETS], tables[TICKETS].c.id == ticket_id
    for column in _pointing_at(tables[TICKETS]):
        if column.table.name != TICKETS:
            yield tables[column.table.name], column == ticket_id
    for column in _pointing_at(tables[MESSAGES]):
        yield tables[column.table.name], column.in_(said)
    yield tables["notifications"], tables["notifications"].c.ticket_id == ticket_id
    yield tables["deliveries"], tables["deliveries"].c.about_id.in_([ticket_id, *said])


def _take_out(session: Session, table: Table, rows: ColumnElement[bool], words: Words) -> None:
    columns = traces.wordy(table)
    for key, *values in session.execute(select(table.c.id, *columns).where(rows)).all():
        changed = dict(traces.changed(words, columns, values))
        if changed:
            session.execute(update(table).where(table.c.id == key).values(changed))


def _untie(
    session: Session, table: Table, rows: ColumnElement[bool], asker: UUID, words: Words
) -> None:
    for name, column in traces.ties_to_people().items():
        if column.table is not table or traces.TIES[name].fate is not Fate.UNTIE:
            continue
        if table.name == TICKETS:
            continue
        beside = dict.fromkeys(traces.TIES[name].beside, words.former)
        session.execute(
            update(table).where(rows, column == asker).values({column.name: None, **beside})
        )


def remove(session: Session, store: Store, keys: Sequence[UUID]) -> None:
    """The bytes first: as long as the rows are there, somebody will come back to them."""
    files = session.scalars(
        select(Attachment.storage_key).where(Attachment.ticket_id.in_(keys))
    ).all()
    for file in files:
        store.delete(file)
    said = session.scalars(select(Message.id).where(Message.ticket_id.in_(keys))).all()
    session.execute(delete(Notification).where(Notification.ticket_id.in_(keys)))
    session.execute(delete(Delivery).where(Delivery.about_id.in_([*keys, *said])))
    for key in keys:
        session.execute(delete(Draft).where(Draft.place.contains(str(key))))
    _remove(session, Base.metadata.tables[TICKETS], keys)


def _remove(session: Session, table: Table, keys: Sequence[UUID]) -> None:
    """Rows with all that points at them, the furthest first."""
    for column in _pointing_at(table):
        other = Base.metadata.tables[column.table.name]
        if other is table or str(column) in OUTLIVE:
            session.execute(update(other).where(column.in_(keys)).values({column.name: None}))
            continue
        hanging = session.scalars(select(other.c.id).where(column.in_(keys))).all()
        if hanging:
            _remove(session, other, hanging)
    session.execute(delete(table).where(table.c.id.in_(keys)))


def _pointing_at(table: Table) -> list[Column[UUID]]:
    return [
        column
        for other in Base.metadata.sorted_tables
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
