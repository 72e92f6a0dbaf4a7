"""Who of a builder's own team has a ticket of its clients and vendors."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries as people
from portal.accounts.models import User
from portal.core.permissions import SYSTEM, Actor, Permission
from portal.tickets.models import Ticket
from portal.tickets.service import history


class NotOfTheTeam(ValueError):
    """Whoever should have the ticket does not work at the builder's desk."""


def hand(session: Session, ticket: Ticket, person: UUID | None, *, by: Actor, at: datetime) -> None:
    """To one of the team, or back to all of it (None). Raises NotOfTheTeam."""
    by.require(Permission.WORK_DESK)
    if person is not None and person not in {one.user_id for one in team_of(session, ticket)}:
        raise NotOfTheTeam
    if person != ticket.handler_id:
        _set(session, ticket, person, by=by, at=at)


def take_up(session: Session, ticket: Ticket, person: UUID | None, *, at: datetime) -> None:
    """Whoever answers first has it from then on."""
    if person is not None and ticket.handler_id is None:
        _set(session, ticket, person, by=SYSTEM, at=at)


def team_of(session: Session, ticket: Ticket) -> list[people.Colleague]:
    return people.colleagues(session, ticket.builder_id) if ticket.builder_id else []


def _set(session: Session, ticket: Ticket, person: UUID | None, *, by: Actor, at: datetime) -> None:
    ticket.handler_id = person
    user = session.get(User, person) if person else None
    to, key = (user.name, str(user.id)) if user else ("", None)
    history.tell(session, ticket, "handed", by=by, at=at, handler_id=key, to=to)
