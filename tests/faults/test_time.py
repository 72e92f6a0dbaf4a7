"""The clock of the law changes: promises made around it are right, and nothing fires twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.core.calendar import Calendar
from portal.core.targets import Kind
from portal.foundation.runtime import Runtime
from portal.ops import ticking
from portal.policy.explain import explain
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import Pack
from portal.tickets.models import Page, StepRow, Ticket, TicketEvent
from tests.fixtures.world import World
from tests.tickets.making import filed

pytestmark = pytest.mark.once

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPRING, AUTUMN = "spring", "autumn"


def change(zone: str, season: str) -> datetime:
    """The instant in 2027 at which the zone's clock is moved, found by looking at every hour;
    where it never is, that of New York."""
    place, begin = ZoneInfo(zone), datetime(2027, 1, 1, tzinfo=UTC)
    for at in (begin + hours * HOUR for hours in range(365 * 24)):
        moved = offset(at + HOUR, place) - offset(at, place)
        if moved and (moved > timedelta()) == (season == SPRING):
            return at + HOUR
    return change("America/New_York", season)


def offset(at: datetime, place: ZoneInfo) -> timedelta:
    return at.astimezone(place).utcoffset() or timedelta()


def open_at(calendar: Calendar, at: datetime) -> bool:
    """By the wall alone: what it shows, the day's hours, nothing of the product's arithmetic."""
    wall = at.astimezone(calendar.zone)
    hours = dict(calendar.special).get(wall.date())
    if hours is None:
        closed = wall.date() in calendar.closed
        hours = () if closed else calendar.weekly[wall.weekday()]
    shown = timedelta(hours=wall.hour, minutes=wall.minute)
    return any(begin <= shown < end for begin, end in hours)


def counted_off(calendar: Calendar | None, start: datetime, span: timedelta) -> datetime:
    """Minute by minute."""
    if calendar is None:
        return start + span
    at, left = start, span
    while left > timedelta():
        left -= MINUTE if open_at(calendar, at) else timedelta()
        at += MINUTE
    return at


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
@pytest.mark.parametrize("key", shipped_packs())
def test_promises_across_the_change_are_those_counted_by_the_minute(
    session: Session, world: World, key: str, season: str
) -> None:
    pack = load_pack(key)
    moment = change(pack.zone, season)
    builder = session.get_one(Builder, world.acme.id)
    for severity in pack.severities:
        plan = pack.nearest_plan(builder.plan).key
        for hours_before in (1, 7, 30, 67):
            at = moment - hours_before * HOUR
            channel = next(iter(pack.channels))
            told = explain(pack, severity=severity, plan=plan, channel=channel, at=at)
            ticket = filed(
                *(session, pack, world.owner, at),
                severity=severity,
                channel=channel,
                category=next(iter(pack.categories)),
                team=next(iter(pack.teams)),
            )
            assert ticket.sla_response_by == told.due.respond_by
            if told.terms.target.kind is Kind.SPAN:
                assert told.terms.target.span is not None
                expected = counted_off(told.terms.calendar, at, told.terms.target.span)
                assert told.due.respond_by == expected, (severity, at)


@pytest.mark.parametrize("season", [SPRING, AUTUMN])
def test_nothing_fires_twice_or_early_in_the_hour_that_comes_twice(
    runtime: Runtime, session: Session, world: World, pack: Pack, season: str
) -> None:
    moment = change(pack.zone, season)
    for severity in pack.severities:
        filed(session, pack, world.owner, moment - 2 * HOUR, severity=severity)
    session.commit()
    at = moment - 2 * HOUR
    while at < moment + 2 * DAY:
        ticking.tick(runtime, at)
        at += 30 * MINUTE
    session.expire_all()
    fired = session.scalars(select(StepRow).where(StepRow.fired_at.is_not(None))).all()
    assert len(fired) >= 4
    for step in fired:
        assert step.fired_at is not None
        assert step.at <= step.fired_at < max(step.at, moment - 2 * HOUR) + 31 * MINUTE
    assert_once(session)


def test_a_clock_put_back_and_forth_fires_nothing_twice_and_moves_no_promise(
    runtime: Runtime, session: Session, world: World, pack: Pack
) -> None:
    start = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Saturday evening in New York
    ticket = filed(session, pack, world.owner, start, severity=next(iter(pack.severities)))
    session.commit()
    promised = ticket.sla_response_by
    for leap in (2 * HOUR, -2 * HOUR, 400 * DAY, timedelta(), -400 * DAY, 2 * HOUR, 401 * DAY):
        session.rollback()
        ticking.tick(runtime, start + leap)
        session.expire_all()
        assert session.get_one(Ticket, ticket.id).sla_response_by == promised
        assert_once(session)
        assert len(session.scalars(select(Page)).all()) == 1, "one call for one ticket"
    session.rollback()
    later = filed(session, pack, world.owner, start + DAY, severity=next(iter(pack.severities)))
    session.commit()
    ticking.tick(runtime, start + DAY)
    session.expire_all()
    fired = session.scalars(
        select(StepRow).where(StepRow.ticket_id == later.id, StepRow.fired_at.is_not(None))
    )
    assert all(step.at <= start + DAY for step in fired)


def assert_once(session: Session) -> None:
    """Each warning, breach and climb of each clock stands on the timeline once."""
    kinds = ("warned", "breached", "escalated", "managers_told")
    events = session.scalars(select(TicketEvent).where(TicketEvent.kind.in_(kinds)))
    told = Counter(
        (event.ticket_id, event.kind, event.facts["clock"], event.facts["due"]) for event in events
    )
    assert set(told.values()) <= {1}
