"""Which tickets an actor may know of, and one of them with the people around it."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, select
from sqlalchemy.orm import Session, joinedload

from portal.core.permissions import Actor, Reach
from portal.tickets.models import Ticket


def reach(actor: Actor) -> ColumnElement[bool]:
    """Which tickets the actor may know of."""
    match actor.reach:
        case Reach.PLATFORM:
            return Ticket.id.is_not(None)
        case Reach.COMPANY:
            return Ticket.builder_id == actor.builder_id
        case Reach.OWN if actor.user_id is None:  # all guests look alike
            return false()
        case Reach.OWN:
            own = Ticket.requester_id == actor.user_id
            return and_(Ticket.builder_id == actor.builder_id, own)


def with_people(query: Select[Ticket]) -> Select[Ticket]:
    return query.options(
        joinedload(Ticket.builder),
        joinedload(Ticket.agent),
    )


HIGHEST = 2**31 - 1  # PostgreSQL refuses to compare a number with a larger one


def ticket_by_number(session: Session, actor: Actor, number: int) -> Ticket | None:
    if number > HIGHEST:
        return None
    query = select(Ticket).where(Ticket.number == number, reach(actor))
    return session.scalar(with_people(query))


def ticket_by_id(session: Session, actor: Actor, ticket_id: UUID) -> Ticket | None:
    query = select(Ticket).where(Ticket.id == ticket_id, reach(actor))
    return session.scalar(with_people(query))


def ticket_of_guest(session: Session, number: int) -> Ticket | None:
    """A ticket of somebody without an account; whoever asks has shown its signed link."""
    query = select(Ticket).where(Ticket.number == number, Ticket.requester_id.is_(None))
    return session.scalar(with_people(query))


_SUBMITTED = select(Ticket).where(Ticket.submission_key == bindparam("key"))
_BY_MEMBER = _SUBMITTED.where(Ticket.requester_id == bindparam("requester_id"))
_BY_GUEST = _SUBMITTED.where(Ticket.requester_id.is_(None))


def submitted(session: Session, requester_id: UUID | None, key: str) -> Ticket | None:
    """The ticket that a form's first press made."""
    if requester_id is None:
        return session.scalar(_BY_GUEST, {"key": key})
    return session.scalar(_BY_MEMBER, {"key": key, "requester_id": requester_id})
