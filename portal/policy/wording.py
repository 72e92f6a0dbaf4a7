"""How promises are said: to customers, agents and at the command line, in one voice.

Sentences come from the pack's [wording]; dates are those of the reader's zone and language.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, get_timezone_location
from babel.lists import format_list
from babel.units import format_unit

from portal.core.entitlements import Entitlement, Window
from portal.core.escalation import Step
from portal.core.routing import Reason
from portal.core.sla import Clock
from portal.core.targets import Due, Kind, Target
from portal.core.templates import put_in
from portal.policy.modules import module_name
from portal.policy.pack import Pack, Plan, Rule

PATTERNS: Final = {"en": "EEE d MMM, HH:mm", "es": "EEEE d 'de' MMMM, HH:mm"}
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


class Voice:
    """A pack speaking one language, to a reader in one zone.

    Without a zone, times are those of the pack's zone and say so.
    """

    def __init__(self, pack: Pack, language: str, zone: str | None = None) -> None:
        self.pack = pack
        self.language = language
        self.zone = zone

    def say(self, key: str, **gaps: str) -> str:
        return put_in(self.pack.wording[key].to(self.language), gaps)

    def when(self, at: datetime) -> str:
        """ "Tue 24 Nov, 10:30"; with the place whose time it is, if the reader's is unknown."""
        text = self.bare_when(at)
        if self.zone:
            return text
        city = _city(self.pack.zone, str(locale_of(self.language)))
        return f"{text} UTC" if city == "UTC" else self.say("zoned", when=text, city=city)

    def bare_when(self, at: datetime) -> str:
        """Without the place."""
        locale = locale_of(self.language)
        pattern = PATTERNS.get(locale.language, PATTERNS["en"])
        local = at.astimezone(ZoneInfo(self.zone or self.pack.zone))
        return format_datetime(local, pattern, locale=locale)

    def promise(
        self,
        rule: Rule,
        due: Due,
        plan: Plan,
        *,
        resolve_by: datetime | None = None,
        window: Window | None = None,
    ) -> str:
        """What the customer is told. `due` is what came of the rule's target, or, under a
        `window`, of the emergency's; `resolve_by` is said only where the rule promises it."""
        sentences = [self._answer(rule, due, plan, window)]
        if resolve_by and "resolve" in rule.promised and rule.resolve:
            batch = rule.resolve.kind is Kind.NEXT_REVIEW
            key = "resolved_in_review" if batch else "resolved_by"
            sentences.append(self.say(key, when=self.when(resolve_by)))
        if window:
            until = self.when(window.ends_at)
            sentences.append(self.say("hotline", until=until, hotline=window.hotline))
        return " ".join(sentences)

    def _answer(self, rule: Rule, due: Due, plan: Plan, window: Window | None) -> str:
        on_plan = self._emergency() if window else self.on_plan(plan)
        if due.respond_by is None:
            return self.say("answer_best_effort", on_plan=on_plan)
        target = self.target(rule.respond, in_hours=rule.hours is not None)
        if due.outer:
            first, outer = self.bare_when(due.respond_by), self.when(due.outer)
            return self.say(
                "answer_in_range", when=first, outer=outer, target=target, on_plan=on_plan
            )
        key = "answer_by" if window else _ANSWERS.get(rule.respond.kind, "answer_by")
        return self.say(key, when=self.when(due.respond_by), target=target, on_plan=on_plan)

    def on_plan(self, plan: Plan) -> str:
        """ ", on your Professional plan"; nothing where plans make no difference."""
        if plan.catch_all:
            return ""
        return self.say("on_plan", plan=plan.name.to(self.language))

    def _emergency(self) -> str:
        if self.pack.emergency is None:
            return ""
        return self.say("in_emergency", emergency=self.pack.emergency.name.to(self.language))

    def target(self, target: Target, *, in_hours: bool) -> str:
        """ "within 4 working hours", "the same day": for tables of what is promised."""
        match target.kind:
            case Kind.SPAN if target.span and target.limit:
                first = self._figure(target.span)
                amount = self._amount(target.limit, in_hours)
                return self.say("target_range", first=first, amount=amount)
            case Kind.SPAN if target.span:
                amount = self._amount(target.span, in_hours)
                return self.say("target_below" if target.under else "target_elapsed", amount=amount)
            case Kind.BUSINESS_DAYS:
                return self.say(
                    "target_elapsed", amount=self._counted("business_days", target.days)
                )
            case Kind.DAYS:
                return self.say("target_elapsed", amount=self._unit(target.days, "day"))
            case Kind.SAME_DAY:
                return self.say("target_same_day")
            case Kind.NEXT_REVIEW:
                return self.say("target_review")
        return self.say("target_best_effort")

    def _amount(self, span: timedelta, in_hours: bool) -> str:
        hours, rest = divmod(span, _HOUR)
        minutes = rest // _MINUTE
        if in_hours and minutes:
            return self._counted("working_minutes", span // _MINUTE)
        if in_hours:
            return self._counted("working_hours", hours)
        parts = [(hours, "hour"), (minutes, "minute")]
        return " ".join(self._unit(number, unit) for number, unit in parts if number)

    def _figure(self, span: timedelta) -> str:
        return str(span // _HOUR) if not span % _HOUR else f"{span / _HOUR:.1f}"

    def _counted(self, key: str, n: int) -> str:
        return self.say(f"{key}_one" if n == 1 else f"{key}_other", n=str(n))

    def _unit(self, number: int, unit: str) -> str:
        return format_unit(number, f"duration-{unit}", locale=locale_of(self.language))

    def entitlement(self, entitlement: Entitlement, plan: Plan) -> str:
        """The way to a channel the plan lacks, and the one to take meanwhile; "" if included."""
        if entitlement.included:
            return ""
        limit = plan.limit_of(entitlement.channel)
        sentences = [limit.text.to(self.language) if limit else self.upgrade(entitlement)]
        if entitlement.instead:
            sentences.append(self.instead(entitlement.instead))
        return " ".join(_ended(sentence) for sentence in sentences)

    def instead(self, channel: str) -> str:
        return self._of_channel("instead", channel)

    def closed(self, channel: str, opens: datetime) -> str:
        return self._of_channel("channel_closed", channel, when=self.when(opens))

    def _of_channel(self, key: str, channel: str, **gaps: str) -> str:
        spoken = self.pack.channels[channel].spoken.to(self.language)
        return self.say(key, channel=self.channel(channel), by=spoken, **gaps)

    def upgrade(self, entitlement: Entitlement) -> str:
        """ "Phone support is available on Business and Enterprise plans — Upgrade"."""
        names = [self.pack.plans[plan].name.to(self.language) for plan in entitlement.plans_with]
        if not names:
            return self._of_channel("not_offered", entitlement.channel)
        key = "upgrade_one" if len(names) == 1 else "upgrade_many"
        return self._of_channel(key, entitlement.channel, plans=self.listed(names))

    def channel(self, key: str) -> str:
        return self.pack.channels[key].name.to(self.language)

    def listed(self, items: Iterable[str]) -> str:
        return format_list(list(items), locale=locale_of(self.language))

    def step(self, step: Step, severity: str, rule: Rule) -> str:
        """Why a step of a timeline happens, and what it does."""
        facts = step.why.params
        key = _STEPS[step.why.key]
        if key == "step_breach" and _PROMISED_AS[Clock(facts["clock"])] not in rule.promised:
            key = "step_goal_missed"
        tier = next((t for t in self.pack.escalation.tiers if t.number == step.tier), None)
        return self.say(
            key,
            clock=self.say(f"clock_{facts['clock']}"),
            percent=facts.get("percent", ""),
            tier=tier.name.to(self.language) if tier else "",
            severity=severity,
        )

    def reason(self, reason: Reason) -> str:
        """Why a category, severity or team was suggested."""
        words = self.listed(f"“{words}”" for words in reason.words)
        match reason.because:
            case "words" if reason.rule in self.pack.situations and reason.about == "severity":
                situation = self.pack.situations[reason.rule].name.to(self.language)
                return self.say("because_situation", situation=situation, words=words)
            case "words":
                return self.say("because_words", words=words)
            case "module":
                name = module_name(self.pack, reason.rule, self.language)
                return self.say("because_module", module=name)
            case "intent":
                title = self.pack.intents[reason.rule].title.to(self.language)
                return self.say("because_intent", intent=title)
            case "signal":
                name = self.pack.signals[reason.rule].name.to(self.language)
                return self.say("because_signal", signal=name)
            case "category":
                name = self.pack.categories[reason.rule].name.to(self.language)
                return self.say("because_category", category=name)
        return self.say("because_default")


_ANSWERS: Final = {
    Kind.SAME_DAY: "answer_same_day",
    Kind.NEXT_REVIEW: "answer_in_review",
}
_STEPS: Final = {
    "warn.share": "step_warn",
    "breach.unmet": "step_breach",
    "escalate.breached": "step_escalate",
    "escalate.still_unmet": "step_escalate_again",
    "notify.no_higher_tier": "step_notify",
    "page.after_hours": "step_page_after_hours",
    "page.always": "step_page_always",
    "page.breached": "step_page_breached",
}


_PROMISED_AS: Final = {
    Clock.FIRST_RESPONSE: "respond",
    Clock.NEXT_UPDATE: "update",
    Clock.RESOLUTION: "resolve",
}


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


@cache
def locale_of(language: str) -> Locale:
    """English where the language is none that dates are known in."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def _city(zone: str, locale: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True)
