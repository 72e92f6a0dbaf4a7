"""The clocks of one ticket, read from what happened to it.

A clock is never stored as the truth: the same happenings under other promises (another severity,
plan or calendar) give other deadlines, with every hold kept.

| clock | starts | met | stopped |
|---|---|---|---|
| first response | opened | first answer | resolved or closed unanswered |
| next update | answered, reopened, promised (1) | next answer | resolved, closed |
| resolution | opened | resolved | closed unresolved |

(1) Each answer starts a round; a promised update names the end of the running round, or of a new
one where none runs. A customer's reply starts none: it must not put off a round that runs.

All clocks of a ticket hold from PAUSED until RESUMED or the customer REPLIED, and from RESOLVED or
CLOSED until REOPENED, when first response and resolution go on where they stood.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import dropwhile

from portal.core.calendar import Calendar, in_utc, time_between
from portal.core.pauses import Pause, cut
from portal.core.pauses import due_at as due_at
from portal.core.targets import Due, Review, Target, counted_in, promise_for


class HappeningError(ValueError):
    """A happening that cannot have happened so; the message says why."""


class What(StrEnum):
    OPENED = "opened"
    ANSWERED = "answered"
    """An agent's public reply."""
    PROMISED = "promised"
    """An agent named the time of the next update."""
    REPLIED = "replied"
    """The customer wrote, on any channel."""
    PAUSED = "paused"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact of a ticket's history; `until` is the update time that PROMISED names."""

    at: datetime
    what: What
    until: datetime | None = None

    def __post_init__(self) -> None:
        in_utc(self.at)
        if (self.until is None) is (self.what is What.PROMISED):
            raise HappeningError("a promised update, and nothing else, names its time")
        if self.until is not None and in_utc(self.until) <= self.at:
            raise HappeningError(f"the next update is promised for {self.until}, already past")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised for one clock. Without a calendar time is elapsed, days are of `zone`."""

    target: Target
    calendar: Calendar | None
    zone: str
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Promises:
    """The terms of each clock; None where nothing is promised and the clock does not exist."""

    first_response: Terms | None = None
    next_update: Terms | None = None
    resolution: Terms | None = None


class Clock(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock, or one round of the next-update clock.

    A running clock has `due_at` (and `outer_at`, the end of a promised range), best effort has
    neither. A clock paused in time has no due instant but `left`, the time that it still had; one
    that was already broken keeps the instant. Time is that of `calendar`, or elapsed without.
    """

    clock: Clock
    round: int
    started_at: datetime
    calendar: Calendar | None = None
    due_at: datetime | None = None
    outer_at: datetime | None = None
    paused_at: datetime | None = None
    left: timedelta | None = None
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def held(self) -> timedelta:
        """Elapsed time in the pauses that are over."""
        return sum((ends - begins for begins, ends in self.pauses), timedelta())

    @property
    def ended_at(self) -> datetime | None:
        return self.met_at or self.stopped_at

    @property
    def breaks_at(self) -> datetime | None:
        """The instant from which the promise counts as broken: the outer end of a range."""
        return self.outer_at or self.due_at

    def breached(self, now: datetime) -> bool:
        """Whether the promise is broken; an answer at the very instant still keeps it."""
        if self.breaks_at is None:
            return False
        return self.ended_at > self.breaks_at if self.ended_at else now >= self.breaks_at


def read_clocks(happenings: Iterable[Happening], promises: Promises) -> tuple[Reading, ...]:
    """Every clock and round that the happenings started, in the order of the table above.

    Happenings of one instant count in the order given. Nothing is read before OPENED. An update
    that an agent promised has a round of its own right, in elapsed time, even without terms.
    """
    story = _Story()
    in_order = sorted(happenings, key=lambda happening: happening.at)
    for happening in dropwhile(lambda happening: happening.what is not What.OPENED, in_order):
        story.tell(happening)
    return tuple(
        _reading(story, clock, number, run, terms)
        for clock, runs, terms in (
            (Clock.FIRST_RESPONSE, story.first_response(), promises.first_response),
            (Clock.NEXT_UPDATE, story.rounds, promises.next_update),
            (Clock.RESOLUTION, story.resolution(), promises.resolution),
        )
        for number, run in enumerate(runs, 1)
        if terms or run.until
    )


def remaining(reading: Reading, now: datetime) -> timedelta | None:
    """The clock's time left until it breaks, negative since; None where nothing runs down."""
    if reading.ended_at is not None:
        return None
    if reading.breaks_at is None:
        return reading.left
    now = min(now, reading.paused_at or now)
    if now <= reading.breaks_at:
        return time_between(reading.calendar, now, reading.breaks_at)
    return -time_between(reading.calendar, reading.breaks_at, now)


@dataclass(slots=True)
class _Run:
    started_at: datetime
    promised_at: datetime | None = None
    until: datetime | None = None
    met_at: datetime | None = None
    stopped_at: datetime | None = None


@dataclass(slots=True)
class _Story:
    """The facts that all clocks share, gathered one happening after the other."""

    opened_at: datetime | None = None
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    last_at: datetime | None = None
    held_from: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    rounds: list[_Run] = field(default_factory=list)

    def tell(self, happening: Happening) -> None:
        at = in_utc(happening.at)
        self.last_at = at
        match happening.what:
            case What.OPENED:
                self.opened_at = self.opened_at or at
            case What.ANSWERED:
                self.answer(at)
            case What.PROMISED:
                self.promise(at, happening.until)
            case What.PAUSED:
                self.held_from = self.held_from or at
            case What.RESUMED | What.REPLIED:
                self.resume(at)
            case What.RESOLVED | What.CLOSED:
                self.end(at, happening.what)
            case What.REOPENED:
                self.reopen(at)

    def first_response(self) -> list[_Run]:
        return self._whole_run(self.answered_at)

    def resolution(self) -> list[_Run]:
        return self._whole_run(self.resolved_at)

    def _whole_run(self, met_at: datetime | None) -> list[_Run]:
        if self.opened_at is None:
            return []
        stopped_at = None if met_at else self.ended_at
        return [_Run(self.opened_at, met_at=met_at, stopped_at=stopped_at)]

    def answer(self, at: datetime) -> None:
        self.answered_at = self.answered_at or at
        if running := self.running_round():
            running.met_at = at
        if self.ended_at is None:
            self.rounds.append(_Run(at))

    def promise(self, at: datetime, until: datetime | None) -> None:
        if self.ended_at is not None:
            return
        if self.running_round() is None:
            self.rounds.append(_Run(at))
        self.rounds[-1].promised_at, self.rounds[-1].until = at, until

    def resume(self, at: datetime) -> None:
        if self.ended_at is None:
            self.release(at)

    def end(self, at: datetime, what: What) -> None:
        if self.ended_at is not None:
            return
        self.ended_at = at
        self.resolved_at = at if what is What.RESOLVED else None
        self.held_from = self.held_from or at
        if running := self.running_round():
            running.stopped_at = at

    def reopen(self, at: datetime) -> None:
        if self.ended_at is None:
            return
        self.ended_at = self.resolved_at = None
        self.release(at)
        if self.answered_at is not None:
            self.rounds.append(_Run(at))

    def release(self, at: datetime) -> None:
        if self.held_from is not None:
            self.pauses.append((self.held_from, at))
        self.held_from = None

    def running_round(self) -> _Run | None:
        last = self.rounds[-1] if self.rounds else None
        return last if last and not (last.met_at or last.stopped_at) else None

    def pauses_until(self, end: datetime) -> list[Pause]:
        if self.held_from is None or self.held_from >= end:
            return self.pauses
        return [*self.pauses, (self.held_from, end)]


def _reading(story: _Story, clock: Clock, number: int, run: _Run, terms: Terms | None) -> Reading:
    ended = run.met_at or run.stopped_at
    pauses = story.pauses_until(ended) if ended else story.pauses
    due = _due(run, terms, pauses)
    reading = Reading(
        clock=clock,
        round=number,
        started_at=run.started_at,
        calendar=_measure(run, terms),
        due_at=due.respond_by,
        outer_at=due.outer,
        pauses=cut(pauses, run.started_at, ended or story.last_at or run.started_at),
        met_at=run.met_at,
        stopped_at=run.stopped_at,
    )
    if ended or story.held_from is None:
        return reading
    return _paused(reading, max(story.held_from, run.started_at))


def _measure(run: _Run, terms: Terms | None) -> Calendar | None:
    return None if run.until or terms is None else counted_in(terms.target, terms.calendar)


def _due(run: _Run, terms: Terms | None, pauses: Iterable[Pause]) -> Due:
    if run.promised_at and run.until:
        return Due(due_at(None, run.promised_at, run.until - run.promised_at, pauses))
    if terms is None:
        return Due(None)
    return promise_for(
        terms.target,
        calendar=terms.calendar,
        zone=terms.zone,
        start=run.started_at,
        pauses=pauses,
        review=terms.review,
    )


def _paused(reading: Reading, at: datetime) -> Reading:
    if reading.breaks_at is None or reading.breaks_at <= at:
        return replace(reading, paused_at=at)
    left = time_between(reading.calendar, at, reading.breaks_at)
    return replace(reading, paused_at=at, left=left, due_at=None, outer_at=None)
