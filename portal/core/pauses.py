"""Time that counts, less the spans in which it stands still."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.core.calendar import Calendar, CalendarError, add_time, in_utc, time_between

Pause = tuple[datetime, datetime]


def due_at(
    calendar: Calendar | None, start: datetime, duration: timedelta, pauses: Iterable[Pause] = ()
) -> datetime:
    """The earliest instant by which `duration` has run since `start`, pauses left out.

    Time is the calendar's open time, or elapsed time without one. Pauses may overlap; what lies
    before `start` or after the answer changes nothing. Refuses with `CalendarError`.
    """
    at, left = in_utc(start), duration
    for begins, ends in united(pauses):
        if ends <= at:
            continue
        running = time_between(calendar, at, max(begins, at))
        if running >= left:
            break
        at, left = ends, left - running
    return add_time(calendar, at, left)


def running_between(
    calendar: Calendar | None, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """The time from `start` to `end`, pauses left out."""
    within = cut(pauses, start, end)
    paused = sum((time_between(calendar, *pause) for pause in within), timedelta())
    return time_between(calendar, start, end) - paused


def united(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same paused time in UTC as separate spans in order; refuses a reversed pause."""
    spans: list[Pause] = []
    for begins, ends in sorted(_span(pause) for pause in pauses):
        if spans and begins <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
        elif begins < ends:
            spans.append((begins, ends))
    return tuple(spans)


def cut(pauses: Iterable[Pause], start: datetime, end: datetime) -> tuple[Pause, ...]:
    """What of the pauses lies from `start` to `end`, as separate spans in order."""
    since, until = in_utc(start), in_utc(end)
    spans = ((max(begins, since), min(ends, until)) for begins, ends in united(pauses))
    return tuple((begins, ends) for begins, ends in spans if begins < ends)


def _span(pause: Pause) -> Pause:
    begins, ends = in_utc(pause[0]), in_utc(pause[1])
    if ends < begins:
        raise CalendarError(f"a pause ends at {ends}, before it begins at {begins}")
    return begins, ends
