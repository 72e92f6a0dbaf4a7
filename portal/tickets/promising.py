"""The dated promise in words: before a ticket is sent, and while it stands.

What a builder pays for is between us and the builder: its clients and vendors hear the date
alone, without the plan, an upgrade or the hotline.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from portal.core.entitlements import Window
from portal.core.permissions import PORTAL, Role
from portal.core.sla import Clock, Happening, What, read_clocks
from portal.core.targets import Due
from portal.policy.explain import explain
from portal.policy.pack import Pack, Plan
from portal.policy.wording import Voice
from portal.tickets.models import Ticket
from portal.tickets.queries.entries import AnyClock

DISCREET = frozenset({*PORTAL, Role.GUEST})


def spoken_plan(pack: Pack, plan: str, role: str) -> Plan:
    """The plan as the reader may hear of it."""
    found = pack.nearest_plan(plan)
    return replace(found, catch_all=True) if role in DISCREET else found


def before_sending(
    voice: Voice,
    *,
    severity: str,
    plan: str,
    channel: str,
    role: str,
    at: datetime,
    window: Window | None = None,
) -> str:
    """What would be promised to a ticket filed at `at`. Raises UnknownName."""
    pack = voice.pack
    told = explain(
        pack,
        severity=severity,
        plan=pack.nearest_plan(plan).key,
        channel=channel,
        at=at,
        language=voice.language,
        zone_of_reader=voice.zone,
        window=window,
    )
    heard = window if told.emergency and role not in DISCREET else None
    plan_said = spoken_plan(pack, plan, role)
    return voice.promise(told.rule, told.due, plan_said, resolve_by=told.resolve_by, window=heard)


def answered_by(
    pack: Pack,
    *,
    severity: str,
    plan: str,
    channel: str,
    at: datetime,
    window: Window | None = None,
) -> datetime | None:
    """The date alone, of a ticket filed at `at`; None for best effort. Raises UnknownName."""
    key = pack.nearest_plan(plan).key
    promises = pack.promises(severity, key, channel, emergency=window is not None)
    first, *_rest = read_clocks([Happening(at, What.OPENED)], promises)
    return first.due_at


def as_promised(
    voice: Voice, ticket: Ticket, clocks: Iterable[AnyClock], *, window: Window | None = None
) -> str:
    """What stands on a ticket, as its clocks have it now. `voice` speaks the ticket's own pack."""
    pack = voice.pack
    rows = {row.clock: row for row in clocks if row.round == 1}
    first, solution = rows.get(Clock.FIRST_RESPONSE), rows.get(Clock.RESOLUTION)
    due = Due(first.due_at, first.outer_at) if first else Due(None, None)
    plan = spoken_plan(pack, ticket.plan, ticket.requester_role)
    honoured = window if pack.rapid_target(ticket.severity) else None
    return voice.promise(
        pack.rule_for(ticket.severity, pack.nearest_plan(ticket.plan).key, ticket.channel),
        due,
        plan,
        resolve_by=solution.due_at if solution else None,
        window=honoured if ticket.requester_role not in DISCREET else None,
    )
