"""When a desk is open, and how much open time lies between two instants.

Aware datetimes in, UTC out. Hours are wall-clock times of the calendar's zone, instants are UTC,
so a day of a clock change is as long as it really is: 01:00–04:00 lasts two hours when the clock
springs forward and four when it falls back.

An interval runs from the first to the last instant at which the wall clock of its date stands
within it. Where the clock skips an edge, the edge is the moment of the skip (an interval that is
skipped whole, or a skipped date, has no open time); where the clock runs an hour twice, an interval
that reaches into that hour opens at the first and closes at the last time round.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WallTime = time | str
Hours = tuple[timedelta, timedelta]
Span = tuple[datetime, datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_ZERO = timedelta()
_WHOLE_DAY = timedelta(days=1)
_DAY = _WHOLE_DAY // _TICK
_BLOCK_DAYS = 32
_BLOCK = _BLOCK_DAYS * _DAY
_BLOCKS_KEPT = 512
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _TICK
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _TICK


class CalendarError(ValueError):
    """A calendar, or a question to it, that has no right answer; the message says why."""


@dataclass(frozen=True, init=False)
class Calendar:
    """Opening hours in one zone; immutable and hashable.

    `weekly` maps weekday 0–6 (Monday is 0) to intervals `(open, close)`, each a `datetime.time`
    or "HH:MM[:SS]". A close may be "24:00"; as a `time` cannot say so, a close of `time(0)` after
    a later opening means the same. `closed` days have no hours, `special` days have their own in
    place of the week's, also where the day is in `closed`. Refuses with `CalendarError`.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Hours, ...], ...]
    closed: frozenset[date]
    special: tuple[tuple[date, tuple[Hours, ...]], ...]
    _exceptions: dict[date, tuple[Hours, ...]] = field(repr=False, compare=False)
    _blocks: dict[int, "_Block"] = field(repr=False, compare=False)
    _last_block: int = field(repr=False, compare=False)

    def __init__(
        self,
        zone: str | ZoneInfo,
        weekly: Mapping[int, Iterable[tuple[WallTime, WallTime]]],
        closed: Iterable[date] = (),
        special: Mapping[date, Iterable[tuple[WallTime, WallTime]]] | None = None,
    ) -> None:
        days = {_day(day): _hours(hours, str(day)) for day, hours in (special or {}).items()}
        shut = frozenset(_day(day) for day in closed)
        values = {
            "zone": zone_named(zone),
            "weekly": _week(weekly),
            "closed": shut,
            "special": tuple(sorted(days.items())),
            "_exceptions": dict.fromkeys(shut, ()) | days,
            "_blocks": {},
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_last_block", _last_block(self))

    def hours(self, day: date) -> tuple[Hours, ...]:
        """The intervals of a local date, as times since its midnight, in order."""
        special = self._exceptions.get(day)
        return self.weekly[day.weekday()] if special is None else special

    def _block(self, index: int) -> "_Block":
        if index > self._last_block:
            return _EMPTY
        block = self._blocks.get(index)
        if block is None:
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.clear()
            block = self._blocks[index] = _build_block(self, index)
        return block

    def _block_ahead(self, index: int) -> "_Block":
        if index > self._last_block:
            raise CalendarError("the calendar has no more open time after its last open day")
        return self._block(index)


def add_open_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The earliest instant by which `duration` of open time has passed since `start`.

    A duration of zero gives `next_opening`. Refuses a negative duration, and one that the calendar
    has no room for.
    """
    if duration < _ZERO:
        raise CalendarError(f"a duration cannot be negative: {duration}")
    if not duration:
        return next_opening(calendar, start)
    at = _micros(start)
    index = at // _BLOCK
    left = duration // _TICK + calendar._block(index).open_before(at)
    while left > (block := calendar._block_ahead(index)).total:
        left -= block.total
        index += 1
    return _moment(block.after(left))


def open_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time from `start` to `end`; refuses an end before its start."""
    since, until = _ordered(start, end)
    first, last = since // _BLOCK, until // _BLOCK
    whole = sum(calendar._block(index).total for index in range(first, last))
    before, after = calendar._block(first).open_before(since), calendar._block(last)
    return timedelta(microseconds=whole - before + after.open_before(until))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the desk is open at `at`: an opening instant is, a closing instant is not."""
    instant = _micros(at)
    return calendar._block(instant // _BLOCK).holds(instant)


def open_intervals(calendar: Calendar, start: datetime, end: datetime) -> list[Span]:
    """The open times between two instants, in order, cut to them; touching ones are one."""
    since, until = _ordered(start, end)
    spans: list[tuple[int, int]] = []
    for index in range(since // _BLOCK, until // _BLOCK + 1):
        spans += calendar._block(index).spans_within(since, until)
    return [(_moment(a), _moment(b)) for a, b in _cut(_merged(spans), since, until)]


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself where the desk is open, else its next opening."""
    instant = _micros(at)
    index = instant // _BLOCK
    while (opening := calendar._block_ahead(index).opening(instant)) is None:
        index += 1
    return _moment(opening)


def local_date(calendar: Calendar, at: datetime) -> date:
    """The date that the calendar's wall clock shows at `at`."""
    try:
        return _moment(_micros(at)).astimezone(calendar.zone).date()
    except OverflowError as error:
        raise CalendarError(f"{at} has no date in {calendar.zone}") from error


def closing_of(calendar: Calendar, day: date) -> datetime | None:
    """When the desk closes for good on a local date; None where it does not open on it."""
    spans = _day_spans(calendar, day)
    return _moment(spans[-1][1]) if spans else None


def closings_after(calendar: Calendar, day: date) -> Iterator[datetime]:
    """When the desk closes for good on each open day after a local date, in order."""
    end = min(date.max.toordinal(), (calendar._last_block + 1) * _BLOCK_DAYS + _EPOCH.toordinal())
    for ordinal in range(day.toordinal() + 1, end + 1):
        closes = closing_of(calendar, date.fromordinal(ordinal))
        if closes is not None:
            yield closes
    raise CalendarError(f"the calendar has too few open days after {day}")


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC; refuses a naive datetime."""
    return _moment(_micros(at))


def add_time(calendar: Calendar | None, start: datetime, duration: timedelta) -> datetime:
    """`add_open_time`, or plain elapsed time where there is no calendar."""
    if calendar is not None:
        return add_open_time(calendar, start, duration)
    if duration < _ZERO:
        raise CalendarError(f"a duration cannot be negative: {duration}")
    return _moment(_micros(start) + duration // _TICK)


def time_between(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    """`open_between`, or plain elapsed time where there is no calendar."""
    if calendar is not None:
        return open_between(calendar, start, end)
    since, until = _ordered(start, end)
    return timedelta(microseconds=until - since)


def zone_named(zone: str | ZoneInfo) -> ZoneInfo:
    """The zone of an IANA name; refuses an unknown one."""
    if isinstance(zone, ZoneInfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ValueError, TypeError, OSError, LookupError) as error:
        raise CalendarError(f"unknown time zone: {zone!r}") from error


@dataclass(frozen=True, slots=True)
class _Block:
    """The open time of a fixed stretch of UTC, in microseconds since 1970."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def open_before(self, at: int) -> int:
        i = bisect_right(self.opens, at) - 1
        return self.before[i] + min(at, self.closes[i]) - self.opens[i] if i >= 0 else 0

    def after(self, amount: int) -> int:
        i = bisect_left(self.before, amount) - 1
        return self.opens[i] + amount - self.before[i]

    def holds(self, at: int) -> bool:
        i = bisect_right(self.opens, at) - 1
        return i >= 0 and at < self.closes[i]

    def opening(self, at: int) -> int | None:
        i = bisect_right(self.closes, at)
        return max(at, self.opens[i]) if i < len(self.opens) else None

    def spans_within(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        reach = slice(bisect_right(self.closes, start), bisect_left(self.opens, end))
        return zip(self.opens[reach], self.closes[reach], strict=True)


_EMPTY = _Block((), (), (), 0)


def _build_block(calendar: Calendar, index: int) -> _Block:
    # Two days more on either side: a local date strays less than that from the UTC date.
    day = index * _BLOCK_DAYS + _EPOCH.toordinal()
    first, last = max(day - 2, 1), min(day + _BLOCK_DAYS + 2, date.max.toordinal())
    spans: list[tuple[int, int]] = []
    for ordinal in range(first, last + 1):
        spans += _day_spans(calendar, date.fromordinal(ordinal))
    start = index * _BLOCK
    cut = _cut(_merged(spans), max(start, _FIRST), min(start + _BLOCK, _LAST))
    before, total = [], 0
    for opens, closes in cut:
        before.append(total)
        total += closes - opens
    return _Block(tuple(a for a, _ in cut), tuple(b for _, b in cut), tuple(before), total)


def _day_spans(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    midnight = datetime.combine(day, time.min)
    spans = [
        (
            _first_instant(calendar.zone, midnight + opens),
            _last_instant(calendar.zone, midnight + (closes - _TICK)) + 1,
        )
        for opens, closes in calendar.hours(day)
    ]
    return [(opens, closes) for opens, closes in spans if opens < closes]


def _first_instant(zone: ZoneInfo, wall: datetime) -> int:
    early, late = _instants(zone, wall)
    return early if early <= late else _skip_between(zone, late, early)


def _last_instant(zone: ZoneInfo, wall: datetime) -> int:
    early, late = _instants(zone, wall)
    return late if early <= late else _skip_between(zone, late, early) - 1


def _instants(zone: ZoneInfo, wall: datetime) -> tuple[int, int]:
    """The instants of a wall time by fold 0 and 1; the wrong way round where it is skipped."""
    since_epoch = (wall - _EPOCH.replace(tzinfo=None)) // _TICK
    return (
        since_epoch - _offset(zone, wall) // _TICK,
        since_epoch - _offset(zone, wall.replace(fold=1)) // _TICK,
    )


def _offset(zone: ZoneInfo, wall: datetime) -> timedelta:
    return zone.utcoffset(wall.replace(tzinfo=zone)) or _ZERO


def _skip_between(zone: ZoneInfo, early: int, late: int) -> int:
    """The instant at which the clock skips ahead, known to lie within (early, late]."""
    low, high = early // 1_000_000, -(-late // 1_000_000)
    after = _offset_at(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset_at(zone, middle) == after else (middle, high)
    return high * 1_000_000


def _offset_at(zone: ZoneInfo, second: int) -> timedelta | None:
    return (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opens, closes in spans:
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], closes)
        else:
            merged.append((opens, closes))
    return merged


def _cut(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    cut = [(max(opens, start), min(closes, end)) for opens, closes in spans]
    return [(opens, closes) for opens, closes in cut if opens < closes]


def _micros(at: datetime) -> int:
    if at.utcoffset() is None:
        raise CalendarError(f"{at} has no time zone")
    return (at - _EPOCH) // _TICK


def _ordered(start: datetime, end: datetime) -> tuple[int, int]:
    since, until = _micros(start), _micros(end)
    if until < since:
        raise CalendarError(f"the end {end} lies before the start {start}")
    return since, until


def _moment(micros: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError as error:
        raise CalendarError("the instant lies outside the years 1 to 9999 in UTC") from error


def _last_block(calendar: Calendar) -> int:
    if any(calendar.weekly):
        return _LAST // _BLOCK
    open_days = [day for day, hours in calendar.special if hours]
    if not open_days:
        raise CalendarError("the calendar never opens")
    # Two days on: the end of a local date may lie on a later UTC date.
    return (open_days[-1].toordinal() + 2 - _EPOCH.toordinal()) // _BLOCK_DAYS


def _week(
    weekly: Mapping[int, Iterable[tuple[WallTime, WallTime]]],
) -> tuple[tuple[Hours, ...], ...]:
    for weekday in weekly:
        if type(weekday) is not int or not 0 <= weekday <= 6:
            raise CalendarError(f"a weekday is a number from 0 (Monday) to 6, not {weekday!r}")
    return tuple(_hours(weekly.get(day, ()), f"weekday {day}") for day in range(7))


def _day(day: date) -> date:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise CalendarError(f"a day is a date, not {day!r}")
    return day


def _hours(intervals: Iterable[tuple[WallTime, WallTime]], where: str) -> tuple[Hours, ...]:
    hours = sorted(_interval(interval, where) for interval in intervals)
    for (opens, closes), (next_opens, _) in pairwise(hours):
        if next_opens < closes:
            raise CalendarError(
                f"intervals overlap on {where}: one from {_clock(opens)} is still open"
                f" when the next opens at {_clock(next_opens)}"
            )
    return tuple(hours)


def _interval(interval: tuple[WallTime, WallTime], where: str) -> Hours:
    try:
        first, last = interval
    except (TypeError, ValueError) as error:
        raise CalendarError(f"an interval is (open, close), not {interval!r} on {where}") from error
    opens, closes = _wall_time(first, where), _wall_time(last, where)
    if isinstance(last, time) and not closes and opens:
        closes = _WHOLE_DAY
    if closes <= opens:
        reason = "is empty" if closes == opens else "closes before it opens"
        raise CalendarError(f"interval {first}–{last} on {where} {reason}")
    return opens, closes


def _wall_time(value: WallTime, where: str) -> timedelta:
    if value in ("24:00", "24:00:00"):
        return _WHOLE_DAY
    try:
        clock = value if isinstance(value, time) else _parsed(value)
    except (TypeError, ValueError) as error:
        raise CalendarError(f"{value!r} on {where} is not a time as HH:MM") from error
    if clock.tzinfo is not None:
        raise CalendarError(f"{value!r} on {where} has a time zone of its own")
    return datetime.combine(date.min, clock) - datetime.combine(date.min, time.min)


def _parsed(text: str) -> time:
    if ":" not in text:
        raise ValueError(text)
    return time.fromisoformat(text)


def _clock(since_midnight: timedelta) -> str:
    minutes, seconds = divmod(int(since_midnight.total_seconds()), 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{clock}:{seconds:02}" if seconds else clock
