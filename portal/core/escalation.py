"""What will happen, and when, if nobody moves a ticket: warn, break, escalate, tell, page.

Steps are facts for a renderer to word. Each is named once by (clock, round, do, tier), a page also
by its reason, so that however often they are worked out, whoever acts on them can act once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from portal.core.calendar import Calendar, CalendarError, is_open
from portal.core.pauses import due_at, running_between
from portal.core.sla import Clock, Reading


class RulesError(ValueError):
    """Rules that make no sense; the message says why."""


class Do(StrEnum):
    WARN = "warn"
    BREACH = "breach"
    ESCALATE = "escalate"
    NOTIFY = "notify"
    PAGE = "page"


class Paging(StrEnum):
    NEVER = "never"
    AFTER_HOURS = "after_hours"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of a step: a key to word, with its facts.

    `warn.share` (percent) · `breach.unmet` · `escalate.breached` and `escalate.still_unmet`
    (from_tier, tier) · `notify.no_higher_tier` · `page.after_hours`, `page.always`,
    `page.breached`. All have `clock`.
    """

    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do at an instant; `tier` is the tier that ESCALATE hands over to."""

    at: datetime
    do: Do
    why: Why
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """A pack's rules for one severity.

    `warn_share`: share of the target (0 to 1) that has run when the owner is warned. `tiers`: the
    highest tier; with 1 the owner stays and managers are told. `again_every`: share of the target
    that passes from one escalation to the next. `paging` decides when the ticket is made, and
    `page_on_breach` when its first answer is late: the goals after it wake nobody.
    """

    warn_share: float
    tiers: int
    again_every: float = 1.0
    paging: Paging = Paging.NEVER
    page_on_breach: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.warn_share < 1:
            raise RulesError(f"the warning share lies between 0 and 1, not at {self.warn_share}")
        if self.tiers < 1:
            raise RulesError(f"there is at least one tier, not {self.tiers}")
        if not 0 < self.again_every < float("inf"):
            raise RulesError(f"escalation repeats after a share above 0, not {self.again_every}")


def steps_for(
    reading: Reading, rules: Rules, *, tier: int, business: Calendar | None
) -> tuple[Step, ...]:
    """The steps of one clock in order of time, past ones too; none once the clock has ended.

    `tier` is the ticket's tier when the clock breaks (today's, while it has not). `business` are
    the hours in which people look by themselves; None is always. A range breaks, and warns, by its
    outer limit. A paused clock has only the steps up to its pause.
    """
    if reading.ended_at is not None:
        return ()
    steps = [*_page_at_start(reading, rules, business), *_deadline_steps(reading, rules, tier)]
    paused_at = reading.paused_at
    return tuple(
        sorted(
            (step for step in steps if paused_at is None or step.at <= paused_at),
            key=lambda step: step.at,
        )
    )


def page_at(policy: Paging, business: Calendar | None, at: datetime) -> datetime | None:
    """`at`, if a ticket made then pages on-call at once; else None."""
    after_hours = business is not None and not is_open(business, at)
    pages = policy is Paging.ALWAYS or (policy is Paging.AFTER_HOURS and after_hours)
    return at if pages else None


def builder_flag(times: Iterable[datetime], now: datetime, count: int = 3, days: int = 7) -> bool:
    """Whether one builder made `count` or more tickets in the `days` before `now`."""
    since = now - timedelta(days=days)
    return sum(since <= made <= now for made in times) >= count


def reopen_escalates(reopened: int, limit: int) -> bool:
    """Whether a ticket that came back `reopened` times goes a tier up."""
    return reopened >= limit


def _page_at_start(reading: Reading, rules: Rules, business: Calendar | None) -> Iterator[Step]:
    if reading.clock is not Clock.FIRST_RESPONSE:
        return
    at = page_at(rules.paging, business, reading.started_at)
    if at is not None:
        yield Step(at, Do.PAGE, _why(reading, f"page.{rules.paging}"))


def _deadline_steps(reading: Reading, rules: Rules, tier: int) -> Iterator[Step]:
    breaks = reading.breaks_at
    if breaks is None:
        return
    target = running_between(reading.calendar, reading.started_at, breaks, reading.pauses)
    yield _warning(reading, target, rules.warn_share)
    yield Step(breaks, Do.BREACH, _why(reading, "breach.unmet"))
    yield from _escalations(reading, breaks, target, rules, tier)
    if rules.page_on_breach and reading.clock is Clock.FIRST_RESPONSE:
        yield Step(breaks, Do.PAGE, _why(reading, "page.breached"))


def _warning(reading: Reading, target: timedelta, share: float) -> Step:
    at = due_at(reading.calendar, reading.started_at, target * share, reading.pauses)
    return Step(at, Do.WARN, _why(reading, "warn.share", percent=f"{share:.0%}"))


def _escalations(
    reading: Reading, breaks: datetime, target: timedelta, rules: Rules, tier: int
) -> Iterator[Step]:
    if tier >= rules.tiers:
        yield Step(breaks, Do.NOTIFY, _why(reading, "notify.no_higher_tier"))
        return
    at, key = breaks, "escalate.breached"
    for higher in range(tier + 1, rules.tiers + 1):
        why = _why(reading, key, from_tier=str(higher - 1), tier=str(higher))
        yield Step(at, Do.ESCALATE, why, higher)
        key = "escalate.still_unmet"
        try:
            at = due_at(reading.calendar, at, target * rules.again_every, reading.pauses)
        except CalendarError:
            return  # the calendar ends: no time is left in which to escalate further


def _why(reading: Reading, key: str, **facts: str) -> Why:
    return Why(key, {"clock": reading.clock.value, **facts})
