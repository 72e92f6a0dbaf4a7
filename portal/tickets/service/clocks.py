"""The clocks of a ticket, worked out again from its own history whenever that grows.

Rows of clocks and steps are what the history says under the present promises: a new severity,
plan or calendar moves them, and every pause is kept. What has fired stays fired, unless the
promise moved beyond it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.core.escalation import Do, Step, steps_for
from portal.core.sla import Clock, Happening, Promises, Reading, What, read_clocks
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.tickets.models import ClockRow, StepRow, Ticket, TicketEvent

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
URGENT_AHEAD = timedelta(days=365)  # by so much: what is on fire comes before what is late
"""The rank of a ticket on which no clock runs: after all others."""

ClockKey = tuple[str, int]
StepKey = tuple[str, int, str, int, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one ticket."""

    clocks: dict[ClockKey, ClockRow] = field(default_factory=dict)
    steps: dict[StepKey, StepRow] = field(default_factory=dict)

    def __iter__(self) -> Iterator[ClockRow | StepRow]:
        yield from self.clocks.values()
        yield from self.steps.values()


def recompute(session: Session, ticket: Ticket, *, at: datetime) -> None:
    session.flush()
    clocks = session.scalars(select(ClockRow).where(ClockRow.ticket_id == ticket.id))
    steps = session.scalars(select(StepRow).where(StepRow.ticket_id == ticket.id))
    rows = Rows(
        {(row.clock, row.round): row for row in clocks},
        {(row.clock, row.round, row.do, row.tier, row.reason): row for row in steps},
    )
    pack = policy.pack_of(session, ticket.policy_version_id)
    for vanished in _rewrite(session, pack, ticket, _story(session, ticket), rows, at):
        session.delete(vanished)
    session.add_all(rows)


def start(session: Session, pack: Pack, ticket: Ticket, *, at: datetime) -> Rows:
    """What runs and lies ahead once a ticket is opened at this moment, under `pack`.

    The ticket is told, its row and these are the caller's to write: its own first."""
    rows = Rows()
    _rewrite(session, pack, ticket, [Happening(at, What.OPENED)], rows, at)
    return rows


def _story(session: Session, ticket: Ticket) -> list[Happening]:
    """What the clocks were told, without replies that were taken back before they left."""
    events = session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == ticket.id,
            or_(TicketEvent.heard != "", TicketEvent.kind == "reply_withdrawn"),
        )
        .order_by(TicketEvent.at, TicketEvent.id)
    ).all()
    withdrawn = {e.facts["message_id"] for e in events if e.kind == "reply_withdrawn"}
    return [
        happening
        for event in events
        if event.facts.get("message_id") not in withdrawn
        for happening in _happenings(event)
    ]


def _happenings(event: TicketEvent) -> Iterable[Happening]:
    for what in event.heard.split(","):
        if what:
            until = event.facts.get("until")
            promised = datetime.fromisoformat(until) if what == What.PROMISED and until else None
            yield Happening(event.at, What(what), promised)


def _rewrite(
    session: Session,
    pack: Pack,
    ticket: Ticket,
    story: Iterable[Happening],
    rows: Rows,
    at: datetime,
) -> list[ClockRow]:
    """Bring `rows` to where the story stands; gives back those that it knows no longer."""
    readings = read_clocks(story, _promises(session, pack, ticket))
    vanished = _without_vanished(rows, readings)
    for reading in readings:
        key = (reading.clock, reading.round)
        row = rows.clocks.get(key) or _new_clock(ticket, reading)
        rows.clocks[key] = row
        _copy(reading, row, at)
    ahead = _steps_ahead(pack, ticket, readings, rows.clocks)
    for step_key, step in ahead.items():
        known = rows.steps.get(step_key) or _new_step(ticket, step_key)
        rows.steps[step_key] = known
        _schedule(known, step)
    for step_key, known in rows.steps.items():
        if step_key not in ahead and known.fired_at is None:
            known.cancelled_at = known.cancelled_at or at
    _summarise(pack, ticket, readings, ahead, at)
    return vanished


def _promises(session: Session, pack: Pack, ticket: Ticket) -> Promises:
    plan = pack.nearest_plan(ticket.plan).key
    emergency = (
        pack.rapid_target(ticket.severity) is not None
        and policy.window_of(session, ticket.builder_id, ticket.created_at) is not None
    )
    return pack.promises(ticket.severity, plan, ticket.channel, emergency=emergency)


def _without_vanished(rows: Rows, readings: Iterable[Reading]) -> list[ClockRow]:
    """A round that a withdrawn reply had begun never was."""
    standing = {(reading.clock, reading.round) for reading in readings}
    return [rows.clocks.pop(key) for key in [*rows.clocks] if key not in standing]


def _new_clock(ticket: Ticket, reading: Reading) -> ClockRow:
    return ClockRow(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        clock=reading.clock,
        round=reading.round,
        started_at=reading.started_at,
    )


def _copy(reading: Reading, row: ClockRow, at: datetime) -> None:
    row.started_at = reading.started_at
    row.due_at, row.outer_at = reading.due_at, reading.outer_at
    row.paused_at = reading.paused_at
    row.held_seconds = int(reading.held.total_seconds())
    row.left_seconds = None if reading.left is None else int(reading.left.total_seconds())
    row.met_at, row.stopped_at = reading.met_at, reading.stopped_at
    row.breached_at = reading.breaks_at if reading.breached(at) else None


def _steps_ahead(
    pack: Pack,
    ticket: Ticket,
    readings: Iterable[Reading],
    clocks: Mapping[ClockKey, ClockRow],
) -> dict[StepKey, Step]:
    rules = pack.escalation_rules(ticket.severity)
    ahead: dict[StepKey, Step] = {}
    for reading in readings:
        row = clocks.get((reading.clock, reading.round))
        tier = (row and row.tier_at_breach) or ticket.escalation_tier
        for step in steps_for(reading, rules, tier=tier, business=pack.business):
            ahead[_key(reading, step)] = step
    return ahead


def _key(reading: Reading, step: Step) -> StepKey:
    reason = step.why.key if step.do is Do.PAGE else ""
    return reading.clock, reading.round, step.do, step.tier or 0, reason


def _new_step(ticket: Ticket, key: StepKey) -> StepRow:
    clock, number, do, tier, reason = key
    return StepRow(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        clock=clock,
        round=number,
        do=do,
        tier=tier,
        reason=reason,
        fired_at=None,
    )


def _schedule(row: StepRow, step: Step) -> None:
    if row.fired_at is not None:
        if step.at <= row.fired_at:
            return
        row.fired_at = None  # the promise moved beyond what had fired
    row.at, row.cancelled_at = step.at, None
    row.why = {"key": step.why.key, **step.why.params}


def _summarise(
    pack: Pack,
    ticket: Ticket,
    readings: Iterable[Reading],
    ahead: Mapping[StepKey, Step],
    at: datetime,
) -> None:
    """What the queue sorts and filters by, and the seed's columns on the ticket itself."""
    dues = [r.breaks_at for r in readings if r.breaks_at and not r.ended_at and not r.paused_at]
    head_start = URGENT_AHEAD if pack.severity(ticket.severity).urgent else timedelta()
    ticket.due_rank = min(dues) - head_start if dues else NEVER
    warnings = [step.at for key, step in ahead.items() if key[2] == Do.WARN and step.at <= at]
    ticket.warned_at = min(warnings, default=None)
    first = next((r for r in readings if r.clock is Clock.FIRST_RESPONSE), None)
    if first is not None:
        ticket.first_response_at = first.met_at
        ticket.sla_response_by = first.due_at or ticket.sla_response_by
