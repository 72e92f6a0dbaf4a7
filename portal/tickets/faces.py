"""How a clock looks at a moment: its state, its due time and the words beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask_babel import format_timedelta

from portal.core.escalation import Do
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.tickets.queries.entries import AnyTicket, ClockEntry, StepEntry

NAMES: Final = {
    "first_response": _l("First answer"),
    "next_update": _l("Next update"),
    "resolution": _l("Solution"),
}
_ORDER: Final = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class Face:
    """`state` is one of the clock macro's: running, soon, breached, paused, met or none.

    `note`, where there is one, stands instead of the time left."""

    clock: str
    name: str
    state: str
    due_at: datetime | None
    started_at: datetime | None = None
    note: str = ""


def face_of(row: ClockEntry, now: datetime, *, warned: bool) -> Face:
    """`warned`: the share of time after which the pack warns has passed."""
    state, note = _state(row, now, warned)
    return Face(row.clock, str(NAMES[row.clock]), state, _breaks_at(row), row.started_at, note)


def _state(row: ClockEntry, now: datetime, warned: bool) -> tuple[str, str]:
    breaks_at = _breaks_at(row)
    if row.met_at is not None:
        late = breaks_at is not None and row.met_at > breaks_at
        return ("none", _("Kept late")) if late else ("met", _("Kept"))
    if row.stopped_at is not None:
        return "none", _("Stopped")
    if row.paused_at is not None:
        return "paused", _paused(row)
    if breaks_at is None:
        return "none", ""
    if breaks_at <= now:
        return "breached", ""
    return ("soon" if warned else "running"), ""


def _paused(row: ClockEntry) -> str:
    if row.left_seconds is None:
        return ""
    left = format_timedelta(timedelta(seconds=row.left_seconds))
    return str(_("On hold, %(time)s left", time=left))


def pressing(ticket: AnyTicket, rows: Iterable[ClockEntry], now: datetime) -> Face:
    """The one clock that a list shows: the next to break, else what stands still."""
    row = _pressing(latest(rows))
    if row is None:
        return Face("", "", "none", None)
    return face_of(row, now, warned=ticket.warned_at is not None)


def _pressing(rows: Sequence[ClockEntry]) -> ClockEntry | None:
    moving = [(at, row) for row in rows if row.running and (at := _breaks_at(row)) is not None]
    if moving:
        return min(moving, key=lambda one: one[0])[1]
    still = [row for row in rows if row.paused_at and not (row.met_at or row.stopped_at)]
    return next(iter([*still, *rows]), None)


def _breaks_at(row: ClockEntry) -> datetime | None:
    return row.outer_at or row.due_at


def latest(rows: Iterable[ClockEntry]) -> list[ClockEntry]:
    """The last round of each clock, in the order in which they matter."""
    found = {row.clock: row for row in sorted(rows, key=lambda row: row.round)}
    return [found[clock] for clock in _ORDER if clock in found]


def is_warned(row: ClockEntry, steps: Sequence[StepEntry]) -> bool:
    """Whether the warning of a running clock has been given: it is no longer ahead."""
    mine = [step for step in steps if (step.clock, step.round) == (row.clock, row.round)]
    return bool(mine) and not any(step.do == Do.WARN for step in mine)
