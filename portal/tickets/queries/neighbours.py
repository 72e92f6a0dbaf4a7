"""Tickets beside a ticket: the builder's others, and those like it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.tickets.models import Ticket
from portal.tickets.queries.queue import COUNT_TO


def neighbours(session: Session, ticket: Ticket, *, most: int = 5) -> list[Ticket]:
    """The builder's other tickets, newest first."""
    if ticket.builder_id is None:
        return []
    return list(
        session.scalars(
            select(Ticket)
            .where(Ticket.builder_id == ticket.builder_id, Ticket.id != ticket.id)
            .order_by(Ticket.created_at.desc(), Ticket.id.desc())
            .limit(most)
        )
    )


def similar(session: Session, ticket: Ticket, *, most: int = 5) -> list[Ticket]:
    """Recent tickets of the same category and module, whoever asked."""
    recent = (
        select(Ticket.id, Ticket.created_at)
        .where(Ticket.id != ticket.id)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(COUNT_TO)
        .subquery()
    )
    return list(
        session.scalars(
            select(Ticket)
            .join(recent, recent.c.id == Ticket.id)
            .where(Ticket.category == ticket.category, Ticket.module == ticket.module)
            .order_by(recent.c.created_at.desc())
            .limit(most)
        )
    )
