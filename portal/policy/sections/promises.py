"""[[targets]] and [[goals]]: by when what is promised; unfolded into one rule a combination."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from portal.core.targets import Kind, Review, Target, parse_target
from portal.policy.pack import Channel, Hours, Plan, Rule, Severity
from portal.policy.reading import Table
from portal.policy.text import Text

Combination = tuple[str, str, str]
EVERY_PLAN = ""
CLOCKS = ("respond", "update", "resolve")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rows of a table of targets may refer to."""

    severities: Mapping[str, Severity]
    plans: Mapping[str, Plan]
    channels: Mapping[str, Channel]
    calendars: Mapping[str, Hours]
    hours: str
    review: Review | None

    def combinations(self) -> Iterable[Combination]:
        return product(self.severities, self.plans, self.channels)


@dataclass(slots=True)
class _Row:
    """`figures`: by clock and plan. Selectors left empty take everything."""

    table: Table
    selectors: tuple[tuple[str, ...], ...]
    figures: dict[str, dict[str, Target]]
    hours: str | None
    note: Text | None
    reached: bool = False

    def takes(self, combination: Combination) -> bool:
        pairs = zip(self.selectors, combination, strict=True)
        return all(not wanted or value in wanted for wanted, value in pairs)

    def figure(self, clock: str, plan: str) -> Target | None:
        by_plan = self.figures[clock]
        return by_plan.get(plan) or by_plan.get(EVERY_PLAN)


def read_rules(root: Table, desk: Desk) -> dict[Combination, Rule]:
    promises = [_row(table, desk, CLOCKS) for table in root.rows("targets")]
    goals = [_row(table, desk, CLOCKS[1:]) for table in root.rows("goals")]
    rules = {}
    uncovered: list[Combination] = []
    for combination in desk.combinations():
        promise, goal = _first(promises, combination), _first(goals, combination)
        if promise is None:
            uncovered.append(combination)
        elif rule := _rule(promise, goal, combination, desk):
            rules[combination] = rule
    _complain_of_gaps(root, uncovered, desk)
    _complain_of_dead_rows([*promises, *goals])
    return rules


def _row(table: Table, desk: Desk, clocks: tuple[str, ...]) -> _Row:
    row = _Row(
        table,
        selectors=(
            table.refs("severity", desk.severities, "severity"),
            table.refs("plan", desk.plans, "plan"),
            table.refs("channel", desk.channels, "channel"),
        ),
        figures={clock: _figures(table, clock, desk.plans) for clock in clocks},
        hours=table.ref("hours", desk.calendars, "calendar"),
        note=table.optional_words("note"),
    )
    if "respond" in clocks and not table.has("respond"):
        table.complain("respond", 'missing; write e.g. respond = "4h"')
    table.close()
    return row


def _figures(table: Table, clock: str, plans: Collection[str]) -> dict[str, Target]:
    if not isinstance(table.raw.get(clock), Mapping):
        target = table.parsed(clock, parse_target)
        return {EVERY_PLAN: target} if target else {}
    figures = {}
    by_plan = table.table(clock)
    for plan in by_plan.raw:
        target = by_plan.parsed(plan, parse_target)
        if plan not in plans:
            by_plan.complain(plan, f"there is no such plan; there is {', '.join(plans)}")
        elif target:
            figures[plan] = target
    return figures


def _first(rows: Iterable[_Row], combination: Combination) -> _Row | None:
    row = next((row for row in rows if row.takes(combination)), None)
    if row:
        row.reached = True
    return row


def _rule(promise: _Row, goal: _Row | None, combination: Combination, desk: Desk) -> Rule | None:
    severity, plan, _ = combination
    respond = promise.figure("respond", plan)
    if respond is None:
        if isinstance(by_plan := promise.table.raw.get("respond"), Mapping) and plan not in by_plan:
            promise.table.complain("respond", f'no figure for the plan "{plan}"')
        return None
    update, resolve = (
        promise.figure(clock, plan) or (goal.figure(clock, plan) if goal else None)
        for clock in ("update", "resolve")
    )
    told = {clock for clock in CLOCKS if promise.figure(clock, plan)}
    rule = Rule(
        respond, update, resolve, _hours(promise, severity, desk), frozenset(told), promise.note
    )
    _complain_of_impossible(promise, rule, desk)
    return rule


def _hours(row: _Row, severity: str, desk: Desk) -> str | None:
    """As the row says; else around the clock for the urgent and the desk's hours for the rest."""
    key = row.hours or (None if desk.severities[severity].urgent else desk.hours)
    known = desk.calendars.get(key) if key else None
    return known.key if known and known.calendar else None


def _complain_of_impossible(row: _Row, rule: Rule, desk: Desk) -> None:
    for clock in CLOCKS:
        target: Target | None = getattr(rule, clock)
        if target and target.kind is Kind.BUSINESS_DAYS and rule.hours is None:
            row.table.complain(clock, "business days need hours that say which days those are")
        if target and target.kind is Kind.NEXT_REVIEW and desk.review is None:
            row.table.complain(clock, "the next review needs a [review] with weekday and time")


def _complain_of_gaps(root: Table, uncovered: list[Combination], desk: Desk) -> None:
    channels: dict[tuple[str, str], list[str]] = {}
    for severity, plan, channel in uncovered:
        channels.setdefault((severity, plan), []).append(channel)
    for (severity, plan), missing in channels.items():
        where = "any channel" if len(missing) == len(desk.channels) else ", ".join(missing)
        root.complain("targets", f"nothing covers {severity} on the plan {plan} by {where}")


def _complain_of_dead_rows(rows: Iterable[_Row]) -> None:
    for row in rows:
        if not row.reached and not row.table.problems:
            row.table.complain("", "is never reached: the rows above it take everything it would")
