"""What a support model promises, as its author writes it, and the instant that comes of it.

| text | promised by |
|---|---|
| `15min`, `4h`, `1h 30min` | that much time from the start: the calendar's open time, or elapsed |
| `<24h` | the same instant as `24h`; the customer reads "in under 24 hours" |
| `48h..72h` | the first figure; the promise is broken only after the second |
| `2 days` | 24 elapsed hours a day, whatever the calendar |
| `same day` | the close of the open day that the start falls in, or of the next one after closing |
| `2 business days` | the close of the second open day after the local date of the start |
| `next review` | the next weekly review after the start |
| `best effort` | nothing: no clock |

Pauses move every promise by the time lost to them. A named day first becomes the time from the
start to its close, so that two open hours paused give two open hours more on the next open day.
A review does not move: it is the first one after the start that falls in no pause.
A desk that closes at 24:00 ends its day at 23:59, since midnight reads as the day after.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from portal.core.calendar import (
    Calendar,
    closings_after,
    in_utc,
    local_date,
    time_between,
    zone_named,
)
from portal.core.pauses import Pause, due_at, united

LONGEST = timedelta(days=3660)
LAST_MINUTE = time(23, 59)
LAST_MINUTE_LASTS = timedelta(minutes=1)


class TargetError(ValueError):
    """A target that cannot be read or has no answer; the message says why."""


class Kind(StrEnum):
    SPAN = "span"
    DAYS = "days"
    SAME_DAY = "same day"
    BUSINESS_DAYS = "business days"
    NEXT_REVIEW = "next review"
    BEST_EFFORT = "best effort"


@dataclass(frozen=True, slots=True)
class Target:
    """One promise. `span` and `limit` belong to a span, `days` to days and business days.

    `limit` is the outer end of a range; `under` says that the author wrote "<".
    `parse_target(str(target)) == target`.
    """

    kind: Kind
    span: timedelta | None = None
    limit: timedelta | None = None
    under: bool = False
    days: int = 0

    def __str__(self) -> str:
        if self.span is not None:
            outer = f"..{_written(self.limit)}" if self.limit else ""
            return f"{'<' if self.under else ''}{_written(self.span)}{outer}"
        if self.days:
            unit = self.kind.value
            return f"{self.days} {unit if self.days > 1 else unit.removesuffix('s')}"
        return self.kind.value


@dataclass(frozen=True, slots=True)
class Review:
    """A weekly meeting: weekday 0–6 (Monday is 0) and wall-clock time in an IANA zone."""

    zone: str
    weekday: int
    time: time

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not 0 <= self.weekday <= 6:
            raise TargetError(f"a weekday is a number from 0 (Monday) to 6, not {self.weekday}")
        if self.time.tzinfo is not None:
            raise TargetError(f"the time of a review is in its zone, not in {self.time.tzinfo}")


@dataclass(frozen=True, slots=True)
class Due:
    """When to respond by, in UTC; None for best effort. `outer` only where a range was promised."""

    respond_by: datetime | None
    outer: datetime | None = None

    @property
    def breaks_at(self) -> datetime | None:
        """The instant from which the promise counts as broken."""
        return self.outer or self.respond_by


def parse_target(text: str) -> Target:
    """Reads one row of the table above; refuses anything else with the reason."""
    words = " ".join(text.lower().replace("best-effort", "best effort").split())
    if words in (Kind.SAME_DAY, Kind.NEXT_REVIEW, Kind.BEST_EFFORT):
        return Target(Kind(words))
    if days := re.fullmatch(r"([0-9]{1,9}) (business )?days?", words):
        return Target(Kind.BUSINESS_DAYS if days[2] else Kind.DAYS, days=_days(int(days[1]), text))
    under = words.startswith("<")
    first, *rest = re.split(r"\.\.|–", words.removeprefix("<"), maxsplit=1)
    span, limit = _span(first, text), _span(rest[0], text) if rest else None
    if limit and (under or limit <= span):
        reason = "“<” and a range exclude each other" if under else "the range runs backwards"
        raise TargetError(f"{reason}: {text!r}")
    return Target(Kind.SPAN, span=span, limit=limit, under=under)


def promise_for(
    target: Target,
    *,
    calendar: Calendar | None,
    zone: str,
    start: datetime,
    pauses: Iterable[Pause] = (),
    review: Review | None = None,
) -> Due:
    """The instants that `target` promises to someone who has waited since `start`.

    Without a calendar time is elapsed time, and `zone` says where a day ends (at 23:59). Raises
    `TargetError` where the target needs a calendar or a review that is not there, `CalendarError`
    where the calendar has no answer.
    """
    pauses = united(pauses)
    match target.kind:
        case Kind.BEST_EFFORT:
            return Due(None)
        case Kind.NEXT_REVIEW:
            return Due(_review_outside(review, start, pauses))
        case Kind.DAYS:
            return Due(due_at(None, start, timedelta(days=target.days), pauses))
        case Kind.SPAN:
            return _spanned(target, calendar, start, pauses)
        case Kind.SAME_DAY:
            day_end = _end_of_day(calendar, zone, start)
        case Kind.BUSINESS_DAYS:
            day_end = _end_of_business_day(calendar, start, target.days)
    return Due(due_at(calendar, start, time_between(calendar, start, day_end), pauses))


def counted_in(target: Target, calendar: Calendar | None) -> Calendar | None:
    """The calendar whose open time `target` counts; None where it counts elapsed time."""
    return None if target.kind in (Kind.DAYS, Kind.NEXT_REVIEW) else calendar


def next_review(review: Review, after: datetime) -> datetime:
    """The first review strictly after an instant, in UTC."""
    zone, after = zone_named(review.zone), in_utc(after)
    today = after.astimezone(zone).date()
    ahead = (review.weekday - today.weekday()) % 7
    while True:
        day = _date_ahead(today, ahead)
        meets = datetime.combine(day, review.time, zone).astimezone(UTC)
        if meets > after:
            return meets
        ahead += 7


def _spanned(
    target: Target, calendar: Calendar | None, start: datetime, pauses: Iterable[Pause]
) -> Due:
    first, outer = (
        due_at(calendar, start, span, pauses) if span else None
        for span in (target.span, target.limit)
    )
    return Due(first, outer)


def _review_outside(review: Review | None, start: datetime, pauses: Iterable[Pause]) -> datetime:
    if review is None:
        raise TargetError("“next review” needs the weekday, time and zone of the review")
    meets = next_review(review, start)
    for begins, ends in pauses:
        if begins <= meets < ends:
            meets = next_review(review, ends)
    return meets


def _end_of_day(calendar: Calendar | None, zone: str, start: datetime) -> datetime:
    if calendar is None:
        return _last_minute_after(zone, start)
    yesterday = local_date(calendar, start) - timedelta(days=1)
    ends = (_before_midnight(calendar, closes) for closes in closings_after(calendar, yesterday))
    return next(end for end in ends if end > start)


def _end_of_business_day(calendar: Calendar | None, start: datetime, days: int) -> datetime:
    if calendar is None:
        raise TargetError("business days need a calendar that says which days those are")
    closings = closings_after(calendar, local_date(calendar, start))
    return _before_midnight(calendar, next(islice(closings, days - 1, None)))


def _before_midnight(calendar: Calendar, closes: datetime) -> datetime:
    """The close, but 23:59 for one at 24:00, which would read as the day after."""
    last = closes - timedelta(microseconds=1)
    crossed = local_date(calendar, last) != local_date(calendar, closes)
    return closes - LAST_MINUTE_LASTS if crossed else closes


def _last_minute_after(zone: str, start: datetime) -> datetime:
    place, start = zone_named(zone), in_utc(start)
    today, ahead = start.astimezone(place).date(), 0
    while True:
        day = _date_ahead(today, ahead)
        ends = datetime.combine(day, LAST_MINUTE, place).replace(fold=1).astimezone(UTC)
        if ends > start:
            return ends
        ahead += 1


def _date_ahead(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise TargetError(f"no date lies {days} days after {day}") from error


def _span(words: str, text: str) -> timedelta:
    found = re.fullmatch(
        r"(?:([0-9]{1,9}) ?h(?:r|rs|ours?)?)? ?(?:([0-9]{1,9}) ?min(?:s|utes?)?)?", words.strip()
    )
    if not found or not any(found.groups()):
        raise TargetError(
            f"{text!r} is no target: write 15min, 4h, <24h, 48h..72h, 2 days, 2 business days,"
            " same day, next review or best effort"
        )
    hours, minutes = (int(figure or 0) for figure in found.groups())
    span = timedelta(hours=hours, minutes=minutes)
    if not timedelta() < span <= LONGEST:
        raise TargetError(f"a target lies above zero and within ten years: {text!r}")
    return span


def _days(days: int, text: str) -> int:
    if not 0 < days <= LONGEST.days:
        raise TargetError(f"a target lies above zero and within ten years: {text!r}")
    return days


def _written(span: timedelta) -> str:
    hours, minutes = divmod(span // timedelta(minutes=1), 60)
    return " ".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "min")) if n)
