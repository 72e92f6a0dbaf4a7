"""[escalation], [emergency], [incidents], [referrals], [lifecycle], [assignment]."""

from collections.abc import Collection

from portal.core.targets import Kind, Target, parse_target
from portal.policy.pack import (
    Assignment,
    Emergency,
    Escalation,
    Flags,
    Incidents,
    Lifecycle,
    Tier,
)
from portal.policy.reading import Table


def read_escalation(root: Table, teams: Collection[str]) -> Escalation:
    table = root.table("escalation")
    flags = table.table("flags")
    escalation = Escalation(
        warn_at=table.share("warn_at", 0.75),
        again_every=table.positive("again_every", 1.0),
        tiers=tuple(_tier(row, number, teams) for number, row in enumerate(table.rows("tiers"), 1)),
        flags=Flags(
            tickets=flags.whole("tickets", None, 2, 1000),
            days=flags.whole("days", None, 1, 365),
            reopenings=flags.whole("reopenings", None, 1, 100),
        ),
    )
    flags.close()
    table.close()
    return escalation


def _tier(table: Table, number: int, teams: Collection[str]) -> Tier:
    tier = Tier(number, table.words("name"), table.ref("team", teams, "team"))
    table.close()
    return tier


def _span(text: str) -> Target:
    target = parse_target(text)
    if target.kind is not Kind.SPAN or target.limit:
        raise ValueError(f'"{text}" is not a single length of time; write e.g. "4h"')
    return target


def read_emergency(
    root: Table, plans: Collection[str], severities: Collection[str]
) -> Emergency | None:
    table = root.table("emergency")
    if not root.has("emergency"):
        return None
    respond = table.parsed("respond", _span)
    if not table.has("respond"):
        table.complain("respond", 'missing; write e.g. respond = "30min"')
    emergency = Emergency(
        name=table.words("name"),
        text=table.words("text"),
        plans=table.refs("plans", plans, "plan"),
        severities=table.refs("severities", severities, "severity"),
        respond=respond or Target(Kind.BEST_EFFORT),
    )
    table.close()
    return emergency


def read_incidents(root: Table, severities: Collection[str]) -> Incidents:
    table = root.table("incidents")
    incidents = Incidents(
        factor=table.whole("factor", 10, 2, 1000),
        minutes=table.whole("minutes", 30, 1, 1440),
        analysis_for=table.refs("analysis_for", severities, "severity"),
        follow_up_days=table.whole_list("follow_up_days", 0, 365),
        daily_checks=table.words_list("daily_checks"),
    )
    table.close()
    return incidents


def read_referral(root: Table) -> Target | None:
    table = root.table("referrals")
    respond = table.parsed("respond", parse_target)
    table.close()
    return respond


def read_lifecycle(root: Table) -> Lifecycle:
    table = root.table("lifecycle")
    lifecycle = Lifecycle(
        reopen_days=table.whole("reopen_days", None, 0, 365),
        auto_close_days=table.whole("auto_close_days", None, 1, 365),
        undo_send_seconds=table.whole("undo_send_seconds", None, 0, 120),
    )
    table.close()
    return lifecycle


def read_assignment(root: Table) -> Assignment:
    table = root.table("assignment")
    assignment = Assignment(
        first_responder_owns=table.truth("first_responder_owns"),
        max_active_tickets=table.whole("max_active_tickets", None, 1, 1000),
    )
    table.close()
    return assignment
