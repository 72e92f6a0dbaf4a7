"""Tickets beside a ticket: the builder's others, and those like it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.core.permissions import Desk
from portal.foundation.tenancy import read_rows
from portal.tickets.models import Ticket
from portal.tickets.queries.reach import at_desk


class Neighbour(NamedTuple):
    """What a list beside a ticket says of another; `builder` is a name, empty for a guest's."""

    number: int
    subject: str
    status: str
    builder: str


def _newest(*conditions: ColumnElement[bool]) -> Select[UUID]:
    own = Ticket.id != bindparam("ticket_id")
    query = select(Ticket.id).where(*conditions, at_desk(Desk.PLATFORM), own)
    newest_first = query.order_by(Ticket.created_at.desc(), Ticket.id.desc())
    return newest_first.limit(bindparam("most", type_=Integer))


_ALIKE = _newest(
    Ticket.module == bindparam("module"),
    Ticket.category == bindparam("category"),
)
_OF_BUILDER = _newest(Ticket.builder_id == bindparam("builder_id"))  # a guest's has none: NULL
_AROUND = (
    select(
        Ticket.number,
        Ticket.subject,
        Ticket.status,
        Builder.name,
        Ticket.builder_id,
        Ticket.category,
        Ticket.module,
    )
    .outerjoin(Builder, Builder.id == Ticket.builder_id)
    .where(or_(Ticket.id.in_(_ALIKE), Ticket.id.in_(_OF_BUILDER)))
    .order_by(Ticket.created_at.desc(), Ticket.id.desc())
)


def around(
    session: Session, ticket: Ticket, *, most: int = 5
) -> tuple[list[Neighbour], list[Neighbour]]:
    """The builder's other tickets, and recent ones of the same category and module, whoever asked:
    each the newest first, both in one round trip."""
    place = {
        "ticket_id": ticket.id,
        "builder_id": ticket.builder_id,
        "category": ticket.category,
        "module": ticket.module,
        "most": most,
    }
    rows = read_rows(session, _AROUND, place)
    own, alike = [], []
    for number, subject, status, builder, builder_id, category, module in rows:
        neighbour = Neighbour(number, subject, status, builder or "")
        if builder_id is not None and builder_id == ticket.builder_id:
            own.append(neighbour)
        if (category, module) == (ticket.category, ticket.module):
            alike.append(neighbour)
    return own[:most], alike[:most]
