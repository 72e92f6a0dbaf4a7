"""The clocks of a ticket, worked out again from its own history whenever that grows.

Rows of clocks and steps are what the history says under the present promises: a new severity,
plan or calendar moves them, and every pause is kept. What has fired stays fired, unless the
promise moved beyond it.
"""

from collections.abc import Iterable, Mapping
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


def recompute(session: Session, ticket: Ticket, *, at: datetime) -> None:
    session.flush()
    clocks = session.scalars(select(ClockRow).where(ClockRow.ticket_id == ticket.id))
    steps = session.scalars(select(StepRow).where(StepRow.ticket_id == ticket.id))
    _write(
        session,
        ticket,
        _story(session, ticket),
        {(row.clock, row.round): row for row in clocks},
        {(row.clock, row.round, row.do, row.tier, row.reason): row for row in steps},
        at,
    )


def start(session: Session, ticket: Ticket, *, at: datetime) -> None:
    """As `recompute`, for a ticket that was opened this moment and has no rows yet."""
    _write(session, ticket, [Happening(at, What.OPENED)], {}, {}, at)


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


def _write(
    session: Session,
    ticket: Ticket,
    story: Iterable[Happening],
    clocks: Mapping[ClockKey, ClockRow],
    steps: Mapping[StepKey, StepRow],
    at: datetime,
) -> None:
    pack = policy.pack_of(session, ticket.policy_version_id)
    readings = read_clocks(story, _promises(session, pack, ticket))
    for reading in readings:
        clock = clocks.get((reading.clock, reading.round)) or _new_clock(session, ticket, reading)
        _copy(reading, clock, at)
    _drop_vanished(session, clocks, readings)
    ahead = _steps_ahead(pack, ticket, readings, clocks)
    for key, step in ahead.items():
        _schedule(session, ticket, steps.get(key), key, step)
    for key, row in steps.items():
        if key not in ahead and row.fired_at is None:
            row.cancelled_at = row.cancelled_at or at
    _summarise(pack, ticket, readings, ahead, at)


def _promises(session: Session, pack: Pack, ticket: Ticket) -> Promises:
    window = policy.window_of(session, ticket.builder_id, ticket.created_at)
    plan = pack.nearest_plan(ticket.plan).key
    return pack.promises(ticket.severity, plan, ticket.channel, emergency=window is not None)


def _new_clock(session: Session, ticket: Ticket, reading: Reading) -> ClockRow:
    row = ClockRow(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        clock=reading.clock,
        round=reading.round,
        started_at=reading.started_at,
    )
    session.add(row)
    return row


def _copy(reading: Reading, row: ClockRow, at: datetime) -> None:
    row.started_at = reading.started_at
    row.due_at, row.outer_at = reading.due_at, reading.outer_at
    row.paused_at = reading.paused_at
    row.held_seconds = int(reading.held.total_seconds())
    row.left_seconds = None if reading.left is None else int(reading.left.total_seconds())
    row.met_at, row.stopped_at = reading.met_at, reading.stopped_at
    row.breached_at = reading.breaks_at if reading.breached(at) else None


def _drop_vanished(
    session: Session, clocks: Mapping[ClockKey, ClockRow], readings: Iterable[Reading]
) -> None:
    """A round that a withdrawn reply had begun never was."""
    standing = {(reading.clock, reading.round) for reading in readings}
    for key, row in clocks.items():
        if key not in standing:
            session.delete(row)


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


def _schedule(
    session: Session, ticket: Ticket, row: StepRow | None, key: StepKey, step: Step
) -> None:
    if row is None:
        clock, number, do, tier, reason = key
        row = StepRow(
            ticket_id=ticket.id,
            builder_id=ticket.builder_id,
            clock=clock,
            round=number,
            do=do,
            tier=tier,
            reason=reason,
        )
        session.add(row)
    elif row.fired_at is not None:
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
