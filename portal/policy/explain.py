"""What a support model would do with one ticket: the deadline, why, and what happens when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.core.calendar import is_open, next_opening
from portal.core.entitlements import Entitlement, Window
from portal.core.escalation import Step, page_at, steps_for
from portal.core.sla import Clock, Happening, Promises, Reading, Terms, What, read_clocks
from portal.core.targets import Due
from portal.policy.pack import Channel, Pack, Plan, Rule, Severity
from portal.policy.wording import Voice


@dataclass(frozen=True, slots=True)
class Told:
    """A step with its reason in words."""

    at: datetime
    do: str
    why: str
    tier: int | None

    def to_json(self) -> dict[str, Any]:
        return {"at": iso(self.at), "do": self.do, "why": self.why, "tier": self.tier}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Times in UTC, sentences in `language`. `due.respond_by` is None for best effort.

    `steps` are those of the first answer, `resolution_steps` those of the desk's goal (or promise)
    to solve it, both as if nobody ever touched the ticket."""

    pack: Pack
    asked_plan: str
    severity: Severity
    plan: Plan
    channel: Channel
    at: datetime
    language: str
    rule: Rule
    terms: Terms
    due: Due
    resolve_by: datetime | None
    promise: str
    target: str
    steps: tuple[Told, ...]
    resolution_steps: tuple[Told, ...]
    pages_at_once: bool
    entitlement: Entitlement
    warnings: tuple[str, ...]
    emergency: bool

    @property
    def hours_text(self) -> str:
        """The hours in which time counts, "24/7" for all of them."""
        if self.terms.calendar is None or self.rule.hours is None:
            return "24/7"
        name = self.pack.calendars[self.rule.hours].name.to(self.language)
        return f"{name} ({self.terms.zone})"

    def to_json(self) -> dict[str, Any]:
        return {
            "pack": self.pack.key,
            "version": self.pack.version,
            "severity": self.severity.key,
            "plan": self.asked_plan if self.plan.catch_all else self.plan.key,
            "channel": self.channel.key,
            "at": iso(self.at),
            "respond_by": iso(self.due.respond_by),
            "outer": iso(self.due.outer),
            "promise": self.promise,
            "target": str(self.terms.target),
            "target_text": self.target,
            "business_hours": self.terms.calendar is not None,
            "calendar": None if self.terms.calendar is None else self.rule.hours,
            "zone": self.terms.zone,
            "open_now": self.pack.business is None or is_open(self.pack.business, self.at),
            "page": str(self.severity.page),
            "pages_at_once": self.pages_at_once,
            "emergency": self.emergency,
            "steps": [step.to_json() for step in self.steps],
            "update": str(self.rule.update) if self.rule.update else None,
            "resolve": str(self.rule.resolve) if self.rule.resolve else None,
            "resolve_by": iso(self.resolve_by),
            "promised": sorted(self.rule.promised),
            "resolution_steps": [step.to_json() for step in self.resolution_steps],
            "channel_included": self.entitlement.included,
            "plans_with_channel": list(self.entitlement.plans_with),
            "channel_instead": self.entitlement.instead,
            "note": self.rule.note.to(self.language) if self.rule.note else None,
            "warnings": list(self.warnings),
            "language": self.language,
        }


def explain(
    pack: Pack,
    *,
    severity: str,
    plan: str,
    channel: str,
    at: datetime,
    language: str = "en",
    zone_of_reader: str | None = None,
    window: Window | None = None,
) -> Explanation:
    """UnknownName for a severity, plan or channel the pack lacks; CalendarError for a naive `at`.

    `window` is the builder's emergency window, if one covers `at`."""
    level, level_plan, way = pack.severity(severity), pack.plan(plan), pack.channel(channel)
    rule = pack.rule_for(severity, plan, channel)
    honoured = window if pack.rapid_target(severity) else None
    promises = pack.promises(severity, plan, channel, emergency=honoured is not None)
    readings = read_clocks([Happening(at, What.OPENED)], promises)
    due, resolve_by = _due(readings)
    voice = Voice(pack, language, zone_of_reader)
    entitlement = pack.entitlement(plan, channel, severity=severity)
    terms = _first_response(promises)
    return Explanation(
        pack=pack,
        asked_plan=plan,
        severity=level,
        plan=level_plan,
        channel=way,
        at=at.astimezone(UTC),
        language=language,
        rule=rule,
        terms=terms,
        due=due,
        resolve_by=resolve_by,
        promise=voice.promise(rule, due, level_plan, resolve_by=resolve_by, window=honoured),
        target=voice.target(terms.target, in_hours=terms.calendar is not None),
        steps=_told(voice, level, rule, readings, Clock.FIRST_RESPONSE),
        resolution_steps=_told(voice, level, rule, readings, Clock.RESOLUTION),
        pages_at_once=page_at(level.page, pack.business, at) is not None,
        entitlement=entitlement,
        warnings=_warnings(voice, entitlement, level_plan, way, at),
        emergency=honoured is not None,
    )


def iso(at: datetime | None) -> str | None:
    """ "2026-11-24T10:30:00Z", to the second."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _first_response(promises: Promises) -> Terms:
    if promises.first_response is None:
        raise AssertionError("every rule says when the first answer is due")
    return promises.first_response


def _due(readings: tuple[Reading, ...]) -> tuple[Due, datetime | None]:
    by_clock = {reading.clock: reading for reading in readings}
    first = by_clock[Clock.FIRST_RESPONSE]
    solution = by_clock.get(Clock.RESOLUTION)
    return Due(first.due_at, first.outer_at), solution.due_at if solution else None


def _told(
    voice: Voice, severity: Severity, rule: Rule, readings: tuple[Reading, ...], clock: Clock
) -> tuple[Told, ...]:
    pack = voice.pack
    rules = pack.escalation_rules(severity.key)
    steps: list[Step] = []
    for reading in readings:
        if reading.clock is clock:
            steps += steps_for(reading, rules, tier=1, business=pack.business)
    return tuple(
        Told(step.at, str(step.do), voice.step(step, severity.key, rule), step.tier)
        for step in steps
    )


def _warnings(
    voice: Voice, entitlement: Entitlement, plan: Plan, channel: Channel, at: datetime
) -> tuple[str, ...]:
    if not entitlement.included:
        return (voice.entitlement(entitlement, plan),)
    limit = plan.limit_of(channel.key)
    warnings = [limit.text.to(voice.language)] if limit else []
    hours = voice.pack.hours_of(channel.hours)
    if hours and not is_open(hours, at):
        warnings.append(voice.closed(channel.key, next_opening(hours, at)))
        if channel.fallback in plan.channels:
            warnings.append(voice.instead(channel.fallback))
    return tuple(warnings)
