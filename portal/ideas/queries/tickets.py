"""The little that ideas know of tickets, which lie above them: whose a number is."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, String, Uuid, column, select, table
from sqlalchemy.orm import Session

from portal.core.permissions import Desk

TICKETS: Final = table(
    "support_tickets",
    column("id", Uuid),
    column("number", Integer),
    column("desk", String),
    column("builder_id", Uuid),
    column("requester_id", Uuid),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket of the platform's desk, for staff: the table is read past the session."""

    id: UUID
    builder_id: UUID | None
    requester_id: UUID | None


def at_platform(session: Session, number: int) -> Asked | None:
    query = select(TICKETS.c.id, TICKETS.c.builder_id, TICKETS.c.requester_id)
    mine = query.where(TICKETS.c.number == number, TICKETS.c.desk == Desk.PLATFORM)
    row = session.execute(mine).one_or_none()
    return None if row is None else Asked(*row)
