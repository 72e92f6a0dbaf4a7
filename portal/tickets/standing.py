"""Where a ticket stands for the customer who waits: whose turn it is, and by when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.sla import Clock
from portal.core.ticket_states import State
from portal.tickets.models import Ticket
from portal.tickets.queries.entries import AnyTicket, ClockEntry


class Turn(StrEnum):
    ANSWER_DUE = "answer_due"
    ANSWER_LATE = "answer_late"
    ANSWER_OPEN = "answer_open"  # best effort: no date was promised
    UPDATE_DUE = "update_due"
    UPDATE_LATE = "update_late"
    OURS = "ours"  # the customer wrote last, and no promised clock runs
    ANSWERED = "answered"
    YOURS = "yours"
    SOLVED = "solved"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Standing:
    """`by`: when the promise that runs falls due. `outer`: the far end of a promised range."""

    turn: Turn
    by: datetime | None = None
    outer: datetime | None = None

    @property
    def clock_state(self) -> str:
        """For the clock component: running, breached, paused, met or none."""
        return _CLOCK_STATES.get(self.turn, "met")


_CLOCK_STATES = {
    Turn.ANSWER_DUE: "running",
    Turn.UPDATE_DUE: "running",
    Turn.ANSWER_LATE: "breached",
    Turn.UPDATE_LATE: "breached",
    Turn.ANSWER_OPEN: "none",
    Turn.YOURS: "paused",
    Turn.OURS: "none",
}

_BY_STATE = {
    State.RESOLVED: Turn.SOLVED,
    State.CLOSED: Turn.CLOSED,
    State.MERGED: Turn.MERGED,
    State.WAITING_ON_CUSTOMER: Turn.YOURS,
}


def standing_of(
    ticket: AnyTicket,
    clocks: Sequence[ClockEntry],
    now: datetime,
    *,
    promised: Collection[str] = (),
    told_until: datetime | None = None,
) -> Standing:
    """`promised`: which goals the pack tells customers (`Rule.promised`). `told_until`: the time
    of the next update that somebody promised in words."""
    if ticket.state in _BY_STATE:
        return Standing(_BY_STATE[ticket.state])
    first = _running(clocks, Clock.FIRST_RESPONSE)
    if first is not None:
        return _until(first, now, Turn.ANSWER_DUE, Turn.ANSWER_LATE)
    update = _running(clocks, Clock.NEXT_UPDATE)
    if update is not None and ("update" in promised or told_until == update.due_at):
        return _until(update, now, Turn.UPDATE_DUE, Turn.UPDATE_LATE)
    return Standing(Turn.OURS if ticket.state is State.OPEN else Turn.ANSWERED)


def _running(clocks: Iterable[ClockEntry], clock: Clock) -> ClockEntry | None:
    rows = [row for row in clocks if row.clock == clock and row.running]
    return max(rows, key=lambda row: row.round, default=None)


def _until(row: ClockEntry, now: datetime, due: Turn, late: Turn) -> Standing:
    if row.due_at is None:
        return Standing(Turn.ANSWER_OPEN)
    breaks = row.outer_at or row.due_at
    return Standing(late if breaks <= now else due, row.due_at, row.outer_at)


def reopens_until(ticket: Ticket, days: int) -> datetime | None:
    """Until when a reply reopens what is solved or closed; None while it is neither."""
    if ticket.state not in {State.RESOLVED, State.CLOSED}:
        return None
    ended = ticket.closed_at or ticket.resolved_at
    return None if ended is None else ended + timedelta(days=days)
