"""Tickets beside a ticket: the builder's others, and those like it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a list beside a ticket says of another; `builder` is a name, empty for a guest's."""

    number: int
    subject: str
    status: str
    builder: str


def around(
    session: Session, ticket: Ticket, *, most: int = 5
) -> tuple[list[Neighbour], list[Neighbour]]:
    """The builder's other tickets, and recent ones of the same category and module, whoever asked:
    each the newest first, both in one round trip."""
    wanted = [Ticket.id.in_(_newest(ticket, *_same_subject(ticket)).limit(most))]
    if ticket.builder_id is not None:
        own_builder = Ticket.builder_id == ticket.builder_id
        wanted.append(Ticket.id.in_(_newest(ticket, own_builder).limit(most)))
    rows = session.execute(
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
        .where(or_(*wanted))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
    ).all()
    own, alike = [], []
    for number, subject, status, builder, builder_id, category, module in rows:
        neighbour = Neighbour(number, subject, status, builder or "")
        if builder_id is not None and builder_id == ticket.builder_id:
            own.append(neighbour)
        if (category, module) == (ticket.category, ticket.module):
            alike.append(neighbour)
    return own[:most], alike[:most]


def _same_subject(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    return Ticket.module == ticket.module, Ticket.category == ticket.category


def _newest(ticket: Ticket, *conditions: ColumnElement[bool]) -> Select[UUID]:
    query = select(Ticket.id).where(*conditions, Ticket.id != ticket.id)
    return query.order_by(Ticket.created_at.desc(), Ticket.id.desc())
