"""Which tickets an actor may know of, and one of them with the people around it.

What every page asks is put together once: that takes longer than to ask.
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.permissions import Actor, Desk, Reach
from portal.foundation.numbers import HIGHEST
from portal.foundation.tenancy import read_rows
from portal.tickets.models import Ticket


def at_desk(desk: Desk) -> ColumnElement[bool]:
    """Written out, not bound: SQLite takes an index of some rows for no other terms."""
    return Ticket.desk == literal_column(f"'{desk}'")


def reach(actor: Actor) -> ColumnElement[bool]:
    """Which tickets the actor may know of."""
    if actor.reach is Reach.OWN and actor.user_id is None:  # all guests look alike
        return false()
    return _within(actor.reach, actor.builder_id, actor.user_id)


def _within(reach: Reach, company: Any, person: Any) -> ColumnElement[bool]:
    of_company: ColumnElement[bool] = Ticket.builder_id == company
    match reach:
        case Reach.PLATFORM:
            return at_desk(Desk.PLATFORM)
        case Reach.COMPANY:
            return of_company
        case Reach.TEAM:
            return and_(of_company, or_(at_desk(Desk.BUILDER), Ticket.requester_id == person))
        case Reach.GIVEN:
            given = or_(Ticket.handler_id == person, Ticket.requester_id == person)
            return and_(of_company, given)
        case Reach.OWN:
            return and_(of_company, Ticket.requester_id == person, at_desk(Desk.BUILDER))


def with_people(query: Select[Ticket]) -> Select[Ticket]:
    return query.options(
        joinedload(Ticket.builder),
        joinedload(Ticket.agent),
    )


Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def by_reach(query: Query) -> Mapping[Reach, Query]:
    """The query of tickets for each kind of reader, to be asked with what `reader` says of one.

    A guest's key is NULL there, which equals nothing."""
    company: Any = bindparam("company")
    person: Any = bindparam("person")
    return {reach: query.where(_within(reach, company, person)) for reach in Reach}


def reader(actor: Actor) -> dict[str, UUID | None]:
    return {"company": actor.builder_id, "person": actor.user_id}


_BY_NUMBER = by_reach(with_people(select(Ticket).where(Ticket.number == bindparam("number"))))
_BY_ID = by_reach(with_people(select(Ticket).where(Ticket.id == bindparam("ticket_id"))))


def ticket_by_number(session: Session, actor: Actor, number: int) -> Ticket | None:
    if number > HIGHEST:
        return None
    return session.scalar(_BY_NUMBER[actor.reach], {"number": number, **reader(actor)})


def ticket_by_id(session: Session, actor: Actor, ticket_id: UUID) -> Ticket | None:
    return session.scalar(_BY_ID[actor.reach], {"ticket_id": ticket_id, **reader(actor)})


def ticket_of_guest(session: Session, number: int, portal: UUID | None) -> Ticket | None:
    """A ticket of somebody without an account, who wrote at the `portal` of a builder or to the
    platform; whoever asks has shown its signed link."""
    query = select(Ticket).where(
        Ticket.number == number, Ticket.requester_id.is_(None), Ticket.builder_id == portal
    )
    return session.scalar(with_people(query))


_SUBMITTED = select(Ticket.id).where(Ticket.submission_key == bindparam("key"))
_BY_MEMBER = _SUBMITTED.where(Ticket.requester_id == bindparam("by"))
_BY_GUEST = _SUBMITTED.where(Ticket.requester_id.is_(None))


def submitted(session: Session, requester_id: UUID | None, key: str) -> Ticket | None:
    """The ticket that a form's first press made; seldom any, but every form asks."""
    query, whose = (_BY_GUEST, {}) if requester_id is None else (_BY_MEMBER, {"by": requester_id})
    found = read_rows(session, query, {"key": key, **whose}).scalar()
    return None if found is None else session.get_one(Ticket, found)
