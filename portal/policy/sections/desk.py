"""[[plans]], [[channels]], [[severities]], [[teams]]: who is served, where and by whom."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.core.escalation import Paging
from portal.policy.pack import TONES, Channel, Limit, Plan, Severity, Team
from portal.policy.reading import Table
from portal.policy.text import Text


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may refer to."""

    channels: Collection[str]
    severities: Collection[str]
    categories: Collection[str]


def read_plans(root: Table, known: Known) -> dict[str, Plan]:
    plans = [_plan(table, known) for table in root.keyed("plans")]
    if not plans:
        root.complain("plans", "missing; write at least one [[plans]]")
    if sum(plan.catch_all for plan in plans) > 1:
        root.complain("plans", "only one plan can be the catch_all")
    names = [name for plan in plans for name in (plan.key, *plan.aliases)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.complain("plans", f'"{name}" stands for more than one plan')
    return {plan.key: plan for plan in plans}


def _plan(table: Table, known: "Known") -> Plan:
    plan = Plan(
        key=table.own_key(),
        name=table.words("name"),
        channels=table.refs("channels", known.channels, "channel"),
        aliases=table.names("aliases"),
        perks=table.words_list("perks"),
        scope=table.words_list("scope"),
        catch_all=table.truth("catch_all"),
        limits=tuple(_limit(row, known) for row in table.rows("limits")),
    )
    for limit in plan.limits:
        if limit.channel not in plan.channels:
            reason = f'"{limit.channel}" is not among the channels of the plan'
            table.complain("limits", reason)
    if not table.raw.get("channels"):
        table.complain("channels", 'missing; a plan has at least one, e.g. ["email"]')
    table.close()
    return plan


def _limit(table: Table, known: Known) -> Limit:
    limit = Limit(
        channel=table.ref("channel", known.channels, "channel") or "",
        severities=table.refs("severities", known.severities, "severity"),
        categories=table.refs("categories", known.categories, "category"),
        text=table.words("text"),
    )
    if not table.has("channel"):
        table.complain("channel", "missing; write which channel is limited")
    table.close()
    return limit


def read_channels(root: Table, calendars: Collection[str]) -> dict[str, Channel]:
    keys = root.keys_of("channels")
    channels = [_channel(table, keys, calendars) for table in root.keyed("channels")]
    return {channel.key: channel for channel in channels}


def _channel(table: Table, keys: Collection[str], calendars: Collection[str]) -> Channel:
    name = table.words("name")
    channel = Channel(
        key=table.own_key(),
        name=name,
        spoken=table.optional_words("spoken") or name,
        hours=table.ref("hours", calendars, "calendar"),
        fallback=table.ref("fallback", keys, "channel"),
    )
    table.close()
    return channel


def read_severities(
    root: Table, teams: Collection[str], situations: Collection[str]
) -> dict[str, Severity]:
    severities = [
        _severity(table, rank, teams, situations)
        for rank, table in enumerate(root.keyed("severities"))
    ]
    if not severities:
        root.complain("severities", "missing; write at least one [[severities]], gravest first")
    return {severity.key: severity for severity in severities}


def _severity(
    table: Table, rank: int, teams: Collection[str], situations: Collection[str]
) -> Severity:
    key = table.own_key()
    severity = Severity(
        key=key,
        rank=rank,
        name=table.words("name"),
        badge=table.optional_words("badge") or Text.of(key),
        description=table.words("description"),
        tone=table.choice("tone", TONES),
        urgent=table.truth("urgent"),
        page=Paging(table.choice("page", list(Paging), Paging.NEVER)),
        page_on_breach=table.truth("page_on_breach"),
        examples=table.words_list("examples"),
        owners=table.refs("owners", teams, "team"),
        last_tier=table.whole("last_tier", 1, 1, 9) if table.has("last_tier") else None,
        suggested_by=table.refs("suggested_by", situations, "situation"),
    )
    table.close()
    return severity


def read_teams(root: Table) -> dict[str, Team]:
    teams = []
    for table in root.keyed("teams"):
        teams.append(Team(table.own_key(), table.words("name")))
        table.close()
    return {team.key: team for team in teams}
