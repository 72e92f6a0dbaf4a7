"""What a list shows of a ticket and of its clocks: plain values, for a page shows many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, SupportAgent
from portal.core.ticket_states import State
from portal.foundation.tenancy import read_rows
from portal.tickets.models import ClockRow, StepRow, Ticket


class Entry(NamedTuple):
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


class OfficeEntry(NamedTuple):
    """A ticket in the inbox. `handler` is a name; None: nobody has it."""

    id: UUID
    number: int
    subject: str
    requester_name: str
    requester_role: str
    status: str
    active: bool
    severity: str
    plan: str
    channel: str
    intent: str
    policy_version_id: UUID
    handler_id: UUID | None
    warned_at: datetime | None
    due_rank: datetime
    created_at: datetime
    handler: str | None
    above: UUID | None  # an escalation that is open

    @property
    def state(self) -> State:
        return State(self.status)


class ClockEntry(NamedTuple):
    """What the face of a clock is read from."""

    ticket_id: UUID
    clock: str
    round: int
    started_at: datetime
    due_at: datetime | None = None
    outer_at: datetime | None = None
    paused_at: datetime | None = None
    left_seconds: int | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def running(self) -> bool:
        return self.met_at is None and self.stopped_at is None and self.paused_at is None


class StepEntry(NamedTuple):
    """What a clock will do."""

    clock: str
    round: int
    at: datetime
    do: str
    why: Mapping[str, Any]
    tier: int


BY_AGE = (Ticket.created_at, Ticket.id)
BY_URGENCY = (Ticket.due_rank, Ticket.id)
AnyTicket: TypeAlias = Ticket | Entry | OfficeEntry
AnyClock: TypeAlias = ClockRow | ClockEntry

CLOCK_COLUMNS = tuple(getattr(ClockRow, name) for name in ClockEntry._fields)
STEP_COLUMNS = tuple(getattr(StepRow, name) for name in StepEntry._fields)
_OF_THE_TICKET = Entry._fields[:-2]  # the two names stand in other tables

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
    select(*CLOCK_COLUMNS)
    .where(ClockRow.ticket_id.in_(bindparam("ticket_ids", expanding=True)))
    .order_by(ClockRow.started_at, ClockRow.round)
)


def entries(session: Session, query: Select[*tuple[Any, ...]]) -> list[Entry]:
    """`query`: ENTRIES, narrowed and ordered."""
    return [Entry._make(row) for row in session.execute(query)]


def clocks_of(session: Session, ticket_ids: Sequence[UUID]) -> dict[UUID, list[ClockEntry]]:
    """In one query, however many there are; the oldest first."""
    found: dict[UUID, list[ClockEntry]] = {ticket_id: [] for ticket_id in ticket_ids}
    if found:
        for row in read_rows(session, _CLOCKS, {"ticket_ids": ticket_ids}):
            clock = ClockEntry._make(row)
            found[clock.ticket_id].append(clock)
    return found
