"""[calendars.*] and [review]: when somebody is there."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from portal.core.calendar import Calendar, CalendarError
from portal.core.targets import Review
from portal.policy.pack import Hours
from portal.policy.public_holidays import public_holidays
from portal.policy.reading import Table
from portal.policy.text import Text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Interval = tuple[str, str]


def zone_of(table: Table, default: str | None = None) -> str:
    name = table.text("zone", default)
    if not name:
        return "UTC"
    try:
        Calendar(name, {0: [("00:00", "24:00")]})
    except CalendarError:
        table.complain("zone", f'"{name}" is no time zone; write e.g. "America/New_York"')
        return default or "UTC"
    return name


def read_calendars(root: Table, zone: str) -> dict[str, Hours]:
    return {key: _hours(key, table, zone) for key, table in root.entries("calendars")}


def read_review(root: Table, zone: str) -> Review | None:
    table = root.table("review")
    if not root.has("review"):
        return None
    weekday = WEEKDAYS.index(table.choice("weekday", WEEKDAYS))
    at = table.parsed("time", _wall_time)
    place = zone_of(table, zone)
    table.close()
    return Review(place, weekday, at or time(9))


def _wall_time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a time; write e.g. "09:00"') from None


def _hours(key: str, table: Table, default_zone: str) -> Hours:
    zone = zone_of(table, default_zone)
    name = table.optional_words("name") or Text.of(key)
    always = table.truth("always")
    weekly = _weekly(table.table("weekly"), zone)
    closed = frozenset(table.dates("closed")) | _holidays(table)
    special = _special(table.table("special"), zone)
    table.close()
    if always:
        if table.raw.keys() & {"weekly", "closed", "special", "holidays"}:
            table.complain("always", "a desk that never closes has no other hours beside it")
        return Hours(key, name, zone, None)
    return Hours(key, name, zone, _calendar(table, zone, weekly, closed, special))


def _calendar(
    table: Table,
    zone: str,
    weekly: Mapping[int, list[Interval]],
    closed: frozenset[date],
    special: Mapping[date, list[Interval]],
) -> Calendar | None:
    try:
        return Calendar(zone, weekly, closed, special)
    except CalendarError as error:
        if not table.problems:
            table.complain("", str(error))
        return None


def _holidays(table: Table) -> frozenset[date]:
    return table.parsed("holidays", public_holidays) or frozenset()


def _weekly(table: Table, zone: str) -> dict[int, list[Interval]]:
    week: dict[int, list[Interval]] = {}
    for key in table.raw:
        hours = table.parsed(key, _checked(zone))
        for weekday in _weekdays(table, key):
            if weekday in week:
                table.complain(key, f"{WEEKDAYS[weekday]} has its hours already")
            week[weekday] = hours or []
    return week


def _weekdays(table: Table, key: str) -> range:
    first, _, last = key.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        table.complain(key, "is not a weekday; write mon, tue, … sun, or mon-fri")
        return range(0)
    days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
    if not days:
        table.complain(key, "runs backwards; write two lines instead")
    return days


def _special(table: Table, zone: str) -> dict[date, list[Interval]]:
    days = {}
    for key in table.raw:
        hours = table.parsed(key, _checked(zone))
        try:
            days[date.fromisoformat(key)] = hours or []
        except ValueError:
            table.complain(key, "is not a date; write e.g. 2026-12-24")
    return days


def _checked(zone: str) -> Callable[[str], list[Interval]]:
    """Reads "09:00-12:30, 13:30-17:00", or "closed"."""

    def parse(text: str) -> list[Interval]:
        if text.strip() == "closed":
            return []
        intervals = [_interval(part) for part in text.split(",")]
        try:
            Calendar(zone, {0: intervals})
        except CalendarError as error:
            raise ValueError(str(error).replace(" on weekday 0", "")) from error
        return intervals

    return parse


def _interval(text: str) -> Interval:
    found = re.fullmatch(r"\s*([\d:]+)\s*[-–]\s*([\d:]+)\s*", text)
    if not found:
        raise ValueError(
            f'"{text.strip()}" is not opening hours; write e.g. "09:00-12:30, 13:30-17:00"'
            ' or "closed"'
        )
    return found[1], found[2]
