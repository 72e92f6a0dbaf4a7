"""A support model as the program uses it: frozen, complete, and quick to ask.

Everything here has been validated by the loader: references lead somewhere, and every
severity × plan × channel has an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from portal.core.calendar import Calendar
from portal.core.entitlements import Entitlement, Offer, entitlement
from portal.core.escalation import Paging
from portal.core.escalation import Rules as EscalationRules
from portal.core.routing import Rules
from portal.core.sla import Promises, Terms
from portal.core.targets import Review, Target
from portal.policy.text import Text

T = TypeVar("T")
TONES: Final = ("burning", "high", "normal", "low")
MARKS: Final = (
    "created",
    "classified",
    "assigned",
    "responded",
    "updated",
    "escalated",
    "resolved",
    "rated",
    "closed",
)
AUTOMATIC: Final = (
    "customer_name",
    "agent_name",
    "ticket_number",
    "subject",
    "severity_name",
    "plan_name",
    "team_name",
    "promise",
    "status_url",
)
PREFILLS: Final = ("severity", "owner", "next_update", *AUTOMATIC)


class UnknownName(LookupError):
    """A severity, plan or channel the pack does not have; `known` are those it has."""

    def __init__(self, pack: str, what: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f'{pack} has no {what} "{name}"; it has: {", ".join(known)}')
        self.what = what
        self.name = name
        self.known = known


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours. `name` reads well after "in"; `calendar` is None where nobody ever leaves."""

    key: str
    name: Text
    zone: str
    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A channel of a plan that is open only for some severities and categories (none: all)."""

    channel: str
    severities: tuple[str, ...]
    categories: tuple[str, ...]
    text: Text

    def allows(self, severity: str | None, category: str | None) -> bool:
        """What is not known yet (None) does not forbid."""
        return all(
            value is None or not wanted or value in wanted
            for value, wanted in ((severity, self.severities), (category, self.categories))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """`catch_all` takes every plan that the pack does not name and isn't spoken of."""

    key: str
    name: Text
    channels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    perks: tuple[Text, ...] = ()
    scope: tuple[Text, ...] = ()
    catch_all: bool = False
    limits: tuple[Limit, ...] = ()

    def open_channels(self, severity: str | None, category: str | None) -> tuple[str, ...]:
        closed = {limit.channel for limit in self.limits if not limit.allows(severity, category)}
        return tuple(channel for channel in self.channels if channel not in closed)

    def limit_of(self, channel: str) -> Limit | None:
        return next((limit for limit in self.limits if limit.channel == channel), None)


@dataclass(frozen=True, slots=True)
class Channel:
    """`spoken` is the name within a sentence. `hours` are when someone is there; None: always."""

    key: str
    name: Text
    spoken: Text
    hours: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Severity:
    """`rank` 0 is the gravest. `badge` is short: its key, unless told. `urgent` runs around the
    clock where a target names no hours.

    `last_tier` is as far as the ladder goes for it (None: to its end); `suggested_by` are the
    situations that point to it."""

    key: str
    rank: int
    name: Text
    badge: Text
    description: Text
    tone: str
    urgent: bool
    page: Paging
    page_on_breach: bool = False
    examples: tuple[Text, ...] = ()
    owners: tuple[str, ...] = ()
    last_tier: int | None = None
    suggested_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one severity, plan and channel. `hours` None: elapsed time.

    `update` and `resolve` are goals of the desk, not told to anyone, unless in `promised`."""

    respond: Target
    update: Target | None = None
    resolve: Target | None = None
    hours: str | None = None
    promised: frozenset[str] = frozenset({"respond"})
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """`team` None: the owners of the severity."""

    number: int
    name: Text
    team: str | None


@dataclass(frozen=True, slots=True)
class Flags:
    """`tickets` of one builder within `days` flag it; `reopenings` escalate a ticket."""

    tickets: int
    days: int
    reopenings: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """`again_every`: the share of the target that passes from one tier to the next. No tiers: the
    first responder keeps it."""

    warn_at: float
    again_every: float
    tiers: tuple[Tier, ...]
    flags: Flags


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Category:
    """`teams`: the owner first, then who works with it."""

    key: str
    name: Text
    teams: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A situation or a signal, by the name people read in a reason."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Field:
    """`prefill` names what the program may put in: severity, owner, next_update or a placeholder
    it fills by itself."""

    key: str
    label: Text
    required: bool = True
    prefill: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A reply with gaps; `fields` are all required."""

    key: str
    name: Text
    when: Text
    body: Text
    kind: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    key: str
    title: Text
    guidance: Text
    never_send: Text
    category: str | None
    severity: str | None
    team: str | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """`reached_by` are marks of MARKS; with `categories` or `plans`, only for tickets of those."""

    key: str
    name: Text
    text: Text
    reached_by: tuple[str, ...]
    categories: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()

    def concerns(self, category: str, plan: str) -> bool:
        if not self.categories and not self.plans:
            return True
        return category in self.categories or plan in self.plans


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the triage checklist; `done_by` marks tick it without a hand."""

    key: str
    text: Text
    done_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emergency:
    """A dated window with a hotline; `plans` may be granted one."""

    name: Text
    text: Text
    plans: tuple[str, ...]
    severities: tuple[str, ...]
    respond: Target


@dataclass(frozen=True, slots=True)
class Incidents:
    """`factor` times the usual within `minutes` is a surge; `analysis_for` need a cause analysis
    with actions on the days of `follow_up_days` after."""

    factor: int
    minutes: int
    analysis_for: tuple[str, ...]
    follow_up_days: tuple[int, ...]
    daily_checks: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    reopen_days: int
    auto_close_days: int
    undo_send_seconds: int


@dataclass(frozen=True, slots=True)
class Assignment:
    first_responder_owns: bool
    max_active_tickets: int


@dataclass(frozen=True)
class Pack:
    """`source` is the whole resolved document as canonical JSON, `digest` its SHA-256."""

    key: str
    version: str
    title: Text
    summary: Text
    zone: str
    hours: str
    calendars: Mapping[str, Hours]
    plans: Mapping[str, Plan]
    channels: Mapping[str, Channel]
    severities: Mapping[str, Severity]
    default_severity: str
    rules: Mapping[tuple[str, str, str], Rule]
    escalation: Escalation
    teams: Mapping[str, Team]
    categories: Mapping[str, Category]
    situations: Mapping[str, Named]
    signals: Mapping[str, Named]
    routing: Rules
    templates: Mapping[str, Template]
    intents: Mapping[str, Intent]
    stages: tuple[Stage, ...]
    checklist: tuple[Check, ...]
    emergency: Emergency | None
    incidents: Incidents
    referral: Target | None
    lifecycle: Lifecycle
    assignment: Assignment
    review: Review | None
    wording: Mapping[str, Text] = field(repr=False)
    source: str = field(repr=False)
    digest: str = field(repr=False)

    def severity(self, key: str) -> Severity:
        """UnknownName, naming the known ones."""
        return self._known(self.severities, "severity", key)

    def channel(self, key: str) -> Channel:
        """UnknownName, naming the known ones."""
        return self._known(self.channels, "channel", key)

    def plan(self, key: str) -> Plan:
        """By key or alias, or the pack's catch-all; else UnknownName."""
        found = self._plan(key)
        if found is None:
            raise UnknownName(self.key, "plan", key, tuple(self.plans))
        return found

    def nearest_plan(self, key: str) -> Plan:
        """As `plan`, but a plan nobody knows counts as the smallest one: for tickets of builders
        whose plan comes from another support model."""
        return self._plan(key) or next(iter(self.plans.values()))

    def rule_for(self, severity: str, plan: str, channel: str) -> Rule:
        """UnknownName for anything the pack does not have."""
        found = self.plan(plan)
        return self.rules[self.severity(severity).key, found.key, self.channel(channel).key]

    def promises(
        self, severity: str, plan: str, channel: str, *, emergency: bool = False
    ) -> Promises:
        """The terms of a ticket's clocks; `emergency` while a window covers its opening."""
        rule = self.rule_for(severity, plan, channel)
        respond = self._terms(rule.respond, rule.hours)
        if emergency and (rapid := self.rapid_target(severity)):
            respond = self._terms(rapid, None)
        return Promises(
            first_response=respond,
            next_update=self._terms(rule.update, rule.hours) if rule.update else None,
            resolution=self._terms(rule.resolve, rule.hours) if rule.resolve else None,
        )

    def rapid_target(self, severity: str) -> Target | None:
        """What an emergency window promises for the severity, if anything."""
        if self.emergency is None or severity not in self.emergency.severities:
            return None
        return self.emergency.respond

    def escalation_rules(self, severity: str) -> EscalationRules:
        level = self.severity(severity)
        tiers = max(len(self.escalation.tiers), 1)
        return EscalationRules(
            warn_share=self.escalation.warn_at,
            tiers=min(tiers, level.last_tier or tiers),
            again_every=self.escalation.again_every,
            paging=level.page,
            page_on_breach=level.page_on_breach,
        )

    def team_of_tier(self, severity: str, tier: int) -> str | None:
        """Who takes a ticket that reaches a tier; None where the pack leaves it to the owner."""
        step = next((step for step in self.escalation.tiers if step.number == tier), None)
        if step is None:
            return None
        return step.team or next(iter(self.severity(severity).owners), None)

    @property
    def business(self) -> Calendar | None:
        """The hours in which people look by themselves; None: always."""
        return self.calendars[self.hours].calendar

    def entitlement(
        self, plan: str, channel: str, *, severity: str | None = None, category: str | None = None
    ) -> Entitlement:
        """Whether the channel is open; what is not known yet (None) does not close it."""
        self.channel(channel)
        offers = [
            Offer(offered.key, offered.open_channels(severity, category))
            for offered in self.plans.values()
        ]
        return entitlement(
            offers, plan=self.plan(plan).key, channel=channel, fallbacks=self._fallbacks
        )

    def hours_of(self, key: str | None) -> Calendar | None:
        """The calendar under a name; None for elapsed time."""
        return self.calendars[key].calendar if key else None

    def _terms(self, target: Target, hours: str | None) -> Terms:
        zone = self.calendars[hours].zone if hours else self.zone
        return Terms(target, self.hours_of(hours), zone, self.review)

    @property
    def distinguishes_plans(self) -> bool:
        return len(self.plans) > 1 or not any(plan.catch_all for plan in self.plans.values())

    def _plan(self, key: str) -> Plan | None:
        return self._plans_by_name.get(key.casefold()) or self._catch_all

    @cached_property
    def _plans_by_name(self) -> dict[str, Plan]:
        by_alias = {alias: plan for plan in self.plans.values() for alias in plan.aliases}
        return by_alias | dict(self.plans)

    @cached_property
    def _catch_all(self) -> Plan | None:
        return next((plan for plan in self.plans.values() if plan.catch_all), None)

    @cached_property
    def _fallbacks(self) -> dict[str, str]:
        return {c.key: c.fallback for c in self.channels.values() if c.fallback}

    def _known(self, among: Mapping[str, T], what: str, key: str) -> T:
        try:
            return among[key]
        except KeyError:
            raise UnknownName(self.key, what, key, tuple(among)) from None
