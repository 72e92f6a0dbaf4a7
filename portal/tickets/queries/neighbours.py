"""Tickets beside a ticket: the builder's others, and those like it."""

from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.tickets.models import Ticket
from portal.tickets.queries.queue import COUNT_TO


def around(session: Session, ticket: Ticket, *, most: int = 5) -> tuple[list[Ticket], list[Ticket]]:
    """The builder's other tickets, and recent ones of the same category and module, whoever asked:
    each the newest first, both in one round trip."""
    wanted = [Ticket.id.in_(_alike(ticket, most))]
    if ticket.builder_id is not None:
        wanted.append(Ticket.id.in_(_own(ticket, most)))
    rows = session.scalars(
        select(Ticket)
        .where(or_(*wanted))
        .options(joinedload(Ticket.builder))
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
    ).all()
    own = [row for row in rows if row.builder_id and row.builder_id == ticket.builder_id]
    subject = (ticket.category, ticket.module)
    alike = [row for row in rows if (row.category, row.module) == subject]
    return own[:most], alike[:most]


def _own(ticket: Ticket, most: int) -> Select[UUID]:
    return (
        select(Ticket.id)
        .where(Ticket.builder_id == ticket.builder_id, Ticket.id != ticket.id)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(most)
    )


def _alike(ticket: Ticket, most: int) -> Select[UUID]:
    recent = (
        select(Ticket.id, Ticket.category, Ticket.module, Ticket.created_at)
        .where(Ticket.id != ticket.id)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(COUNT_TO)
        .subquery()
    )
    return (
        select(recent.c.id)
        .where(recent.c.category == ticket.category, recent.c.module == ticket.module)
        .order_by(recent.c.created_at.desc())
        .limit(most)
    )
