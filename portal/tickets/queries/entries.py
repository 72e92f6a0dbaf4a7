"""What a list shows of a ticket and of its clocks: plain values, for a page shows many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, SupportAgent
from portal.core.ticket_states import State
from portal.tickets.models import ClockRow, Ticket


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket in a list. `builder` and `agent` are names; None: a guest's, nobody's."""

    id: UUID
    number: int
    subject: str
    requester_name: str
    status: str
    active: bool
    severity: str
    plan: str
    channel: str
    policy_version_id: UUID
    assigned_to: UUID | None
    escalation_tier: int
    warned_at: datetime | None
    due_rank: datetime
    created_at: datetime
    builder: str | None
    agent: str | None

    @property
    def state(self) -> State:
        return State(self.status)


@dataclass(frozen=True, slots=True)
class ClockEntry:
    """What the face of a clock is read from."""

    ticket_id: UUID
    clock: str
    round: int
    started_at: datetime
    due_at: datetime | None
    outer_at: datetime | None
    paused_at: datetime | None
    left_seconds: int | None
    met_at: datetime | None
    stopped_at: datetime | None

    @property
    def running(self) -> bool:
        return self.met_at is None and self.stopped_at is None and self.paused_at is None


AnyTicket: TypeAlias = Ticket | Entry
AnyClock: TypeAlias = ClockRow | ClockEntry

_OF_THE_TICKET = tuple(Entry.__slots__)[:-2]  # the two names stand in other tables

ENTRIES: Select[*tuple[Any, ...]] = (
    select(
        *(getattr(Ticket, name) for name in _OF_THE_TICKET),
        Builder.name,
        SupportAgent.display_name,
    )
    .select_from(Ticket)
    .outerjoin(Ticket.builder)
    .outerjoin(Ticket.agent)
)

_CLOCKS: Select[*tuple[Any, ...]] = (
    select(*(getattr(ClockRow, name) for name in ClockEntry.__slots__))
    .where(ClockRow.ticket_id.in_(bindparam("ticket_ids", expanding=True)))
    .order_by(ClockRow.started_at, ClockRow.round)
)


def entries(session: Session, query: Select[*tuple[Any, ...]]) -> list[Entry]:
    """`query`: ENTRIES, narrowed and ordered."""
    return [Entry(*row) for row in session.execute(query)]


def clocks_of(session: Session, listed: Sequence[Entry]) -> dict[UUID, list[ClockEntry]]:
    """In one more query, however many there are; the oldest first."""
    found: dict[UUID, list[ClockEntry]] = {entry.id: [] for entry in listed}
    if listed:
        for row in session.execute(_CLOCKS, {"ticket_ids": list(found)}):
            clock = ClockEntry(*row)
            found[clock.ticket_id].append(clock)
    return found
