"""Tickets for programs: within the actor's reach, newest first, narrowed by plain columns."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Tuple, false, select, tuple_
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.core.permissions import Actor, Desk
from portal.foundation.paging import Cursor, Page
from portal.tickets.models import Ticket
from portal.tickets.queries.reach import at_desk, reach, with_people

LOOKED_AT = 10_000
NEWEST_FIRST = (Ticket.created_at.desc(), Ticket.id.desc())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty is everything, but for `desk`: the one that the actor asks. `assigned`: me or none.
    `builder`: a slug or an id."""

    status: str = ""
    severity: str = ""
    category: str = ""
    assigned: str = ""
    builder: str = ""
    desk: str = ""


def listed(
    session: Session, actor: Actor, wanted: Wanted, cursor: Cursor | None, limit: int
) -> Page[Ticket]:
    """A narrowed page looks at LOOKED_AT tickets and no more: it may be short though more follow,
    so that what hardly any ticket has costs no walk through all of them."""
    narrowed = _narrowed(actor, wanted)
    desk = Desk(wanted.desk or actor.asks)
    within = [reach(actor), at_desk(desk)]
    if cursor is not None:
        within.append(_place() < (cursor.at, cursor.id))
    horizon = _horizon(session, within) if narrowed else None
    if horizon is not None:
        within.append(_place() >= (horizon.at, horizon.id))
    query = with_people(select(Ticket).where(*within, *narrowed))
    rows = list(session.scalars(query.order_by(*NEWEST_FIRST).limit(limit + 1)))
    if len(rows) <= limit:
        return Page(rows, horizon)
    return Page(rows[:limit], Cursor(rows[limit - 1].created_at, rows[limit - 1].id))


def _place() -> Tuple:
    return tuple_(Ticket.created_at, Ticket.id)


def _horizon(session: Session, within: list[ColumnElement[bool]]) -> Cursor | None:
    """The last of the tickets that are looked at, if there are as many."""
    query = select(Ticket.created_at, Ticket.id).where(*within).order_by(*NEWEST_FIRST)
    row = session.execute(query.offset(LOOKED_AT - 1).limit(1)).one_or_none()
    return None if row is None else Cursor(*row)


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
        given.append(_assigned(actor, Desk(wanted.desk or actor.asks), wanted.assigned))
    if wanted.builder:
        given.append(_of_builder(wanted.builder))
    return given


def _assigned(actor: Actor, desk: Desk, whom: str) -> ColumnElement[bool]:
    at_builder = desk is Desk.BUILDER
    holder = Ticket.handler_id if at_builder else Ticket.assigned_to
    if whom == "none":
        return holder.is_(None)
    me = actor.user_id if at_builder else actor.agent_id
    return false() if me is None else holder == me


def _of_builder(name: str) -> ColumnElement[bool]:
    try:
        return Ticket.builder_id == UUID(name)
    except ValueError:
        found = select(Builder.id).where(Builder.slug == name).scalar_subquery()
        return Ticket.builder_id == found
