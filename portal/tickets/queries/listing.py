"""Tickets for programs: within the actor's reach, newest first, narrowed by plain columns."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.core.permissions import Actor
from portal.foundation.paging import Cursor, Page
from portal.tickets.models import Ticket
from portal.tickets.queries.reach import reach, with_people


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty is everything. `assigned`: me or none. `builder`: a slug or an id."""

    status: str = ""
    severity: str = ""
    category: str = ""
    assigned: str = ""
    builder: str = ""


def listed(
    session: Session, actor: Actor, wanted: Wanted, cursor: Cursor | None, limit: int
) -> Page[Ticket]:
    query = with_people(select(Ticket).where(reach(actor), *_narrowed(actor, wanted)))
    if cursor is not None:
        query = query.where(tuple_(Ticket.created_at, Ticket.id) < (cursor.at, cursor.id))
    query = query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit + 1)
    rows = list(session.scalars(query))
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, Cursor(rows[-1].created_at, rows[-1].id) if more else None)


def _narrowed(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    given = [
        column == value
        for column, value in (
            (Ticket.status, wanted.status),
            (Ticket.severity, wanted.severity),
            (Ticket.category, wanted.category),
        )
        if value
    ]
    if wanted.assigned:
        given.append(_assigned(actor, wanted.assigned))
    if wanted.builder:
        given.append(_of_builder(wanted.builder))
    return given


def _assigned(actor: Actor, whom: str) -> ColumnElement[bool]:
    if whom == "none":
        return Ticket.assigned_to.is_(None)
    return false() if actor.agent_id is None else Ticket.assigned_to == actor.agent_id


def _of_builder(name: str) -> ColumnElement[bool]:
    try:
        return Ticket.builder_id == UUID(name)
    except ValueError:
        found = select(Builder.id).where(Builder.slug == name).scalar_subquery()
        return Ticket.builder_id == found
