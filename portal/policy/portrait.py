"""A support model as tables that a person can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, get_day_names

from portal.core.calendar import Calendar
from portal.policy.pack import Hours, Pack, Plan, Severity
from portal.policy.wording import Voice, locale_of

HOLIDAYS_SHOWN = 6
LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Cell:
    """`hours` are those in which the time is counted, by name; none: around the clock."""

    respond: str
    hours: str
    update: str
    resolve: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Targets by severity (rows) and plan or channel (columns)."""

    channels: str
    columns: Sequence[str]
    rows: Sequence[tuple[Severity, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Week:
    """Opening hours: a line a weekday, and the next days that differ."""

    key: str
    name: str
    zone: str
    always: bool
    days: Sequence[tuple[str, str]]
    exceptions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Portrait:
    voice: Voice
    now: datetime

    @property
    def pack(self) -> Pack:
        return self.voice.pack

    def matrices(self) -> list[Matrix]:
        """A table by plan for each group of channels that promise the same; where plans make no
        difference, one with the channels as its columns."""
        groups = self._channel_groups()
        if self._plans_differ or len(groups) == 1:
            return [self._by_plan(channels, alone=len(groups) == 1) for channels in groups]
        return [self._by_channel(groups)]

    @property
    def _levels(self) -> list[Severity]:
        return sorted(self.pack.severities.values(), key=lambda level: level.rank)

    @property
    def _plans(self) -> list[Plan]:
        return list(self.pack.plans.values())

    @property
    def _plans_differ(self) -> bool:
        return any(
            len({self._cell(level, plan, channel) for plan in self._plans}) > 1
            for level in self._levels
            for channel in self._offered
        )

    @property
    def _offered(self) -> list[str]:
        """The channels that any plan has."""
        offered = {channel for plan in self._plans for channel in plan.channels}
        return [channel for channel in self.pack.channels if channel in offered]

    def _channel_groups(self) -> list[list[str]]:
        """Channels that promise the same, whatever severity and plan."""
        groups: dict[tuple[Cell, ...], list[str]] = {}
        for channel in self._offered:
            same = tuple(
                self._cell(level, plan, channel) for level in self._levels for plan in self._plans
            )
            groups.setdefault(same, []).append(channel)
        return list(groups.values())

    def _by_plan(self, channels: Sequence[str], *, alone: bool) -> Matrix:
        rows = [
            (level, [self._cell(level, plan, channels[0]) for plan in self._plans])
            for level in self._levels
        ]
        names = [plan.name.to(self.voice.language) for plan in self._plans]
        return Matrix("" if alone else self._names(channels), names, rows)

    def _by_channel(self, groups: Sequence[Sequence[str]]) -> Matrix:
        rows = [
            (level, [self._cell(level, self._plans[0], channels[0]) for channels in groups])
            for level in self._levels
        ]
        return Matrix("", [self._names(channels) for channels in groups], rows)

    def _names(self, channels: Sequence[str]) -> str:
        return self.voice.listed(self.voice.channel(channel) for channel in channels)

    def _cell(self, level: Severity, plan: Plan, channel: str) -> Cell:
        rule = self.pack.rule_for(level.key, plan.key, channel)
        inside = rule.hours is not None
        return Cell(
            self.voice.target(rule.respond, in_hours=inside),
            self._called(rule.hours),
            self.voice.target(rule.update, in_hours=inside) if rule.update else "",
            self.voice.target(rule.resolve, in_hours=inside) if rule.resolve else "",
        )

    def _called(self, hours: str | None) -> str:
        return self.pack.calendars[hours].name.to(self.voice.language) if hours else ""

    def owners(self, level: Severity) -> str:
        teams = self.pack.teams
        return self.voice.listed(teams[key].name.to(self.voice.language) for key in level.owners)

    def weeks(self) -> list[Week]:
        return [self._week(hours) for hours in self.pack.calendars.values()]

    def _week(self, hours: Hours) -> Week:
        name = hours.name.to(self.voice.language)
        if hours.calendar is None:
            return Week(hours.key, name, hours.zone, True, (), ())
        names = get_day_names("wide", locale=locale_of(self.voice.language))
        days = [(str(names[day]), _spans(spans)) for day, spans in enumerate(hours.calendar.weekly)]
        return Week(hours.key, name, hours.zone, False, days, self._exceptions(hours.calendar))

    def _exceptions(self, calendar: Calendar) -> list[tuple[str, str]]:
        """The next days that are not like their weekday."""
        today = self.now.astimezone(calendar.zone).date()
        days = {*calendar.closed, *(day for day, _ in calendar.special)}
        ahead = sorted(day for day in days if today <= day <= today + LOOK_AHEAD)
        return [(self._day(day), _spans(calendar.hours(day))) for day in ahead[:HOLIDAYS_SHOWN]]

    def _day(self, day: date) -> str:
        return str(format_date(day, "EEE d MMM y", locale=locale_of(self.voice.language)))

    def channels_by_plan(self) -> list[tuple[str, Sequence[tuple[bool, str]]]]:
        """Each channel that any plan has, and for each plan: has it, and within which limit."""
        return [
            (self.voice.channel(key), [self._offer(plan, key) for plan in self._plans])
            for key in self._offered
        ]

    def _offer(self, plan: Plan, channel: str) -> tuple[bool, str]:
        limit = plan.limit_of(channel)
        return channel in plan.channels, limit.text.to(self.voice.language) if limit else ""


def _spans(spans: Sequence[tuple[timedelta, timedelta]]) -> str:
    """ "08:00–18:00", empty for a closed day."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in spans)


def _clock(since_midnight: timedelta) -> str:
    hours, rest = divmod(since_midnight, timedelta(hours=1))
    return f"{hours:02}:{rest // timedelta(minutes=1):02}"
