"""Three clocks and an impatient operator at once, and a system that was down when time ran out."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.foundation.clock import utcnow
from portal.notifications.models import Notification
from portal.tickets.models import ClockRow, StepRow, TicketEvent
from tests.faults.books import Books
from tests.fixtures.live import Live, StartLive
from tests.fixtures.processes import GENEROUS, ROOT, environment, eventually, start, stop

pytestmark = pytest.mark.once

NOWHERE = "unix:///nowhere/valkey.sock"  # without Redis each clock does all the work itself
LATE = timedelta(hours=3)
CASES = 20
FIRED = {"warn": "warned", "breach": "breached", "escalate": "escalated", "notify": "managers_told"}


def run(system: Live, *command: str) -> "subprocess.Popen[Any]":
    """A further process of this system."""
    settings = system.settings | {"DATA": str(system.data)}
    return start(
        [sys.executable, "-m", "portal", *command],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_each_step_once(books: Books) -> None:
    """What fired stands on the timeline as often as it fired, each with its own step."""
    with books.read() as session:
        steps = session.scalars(select(StepRow).where(StepRow.fired_at.is_not(None))).all()
        events = session.scalars(
            select(TicketEvent).where(TicketEvent.kind.in_(FIRED.values()))
        ).all()
        notices = session.execute(
            select(Notification.user_id, Notification.event_id, Notification.kind)
        )
        told = Counter(tuple(notice) for notice in notices)
    fired = Counter(
        (step.ticket_id, FIRED[step.do], step.clock, step.at.isoformat())
        for step in steps
        if step.do in FIRED
    )
    seen = Counter(
        (event.ticket_id, event.kind, event.facts["clock"], event.facts["due"]) for event in events
    )
    silent = fired - seen
    assert seen <= fired
    assert {kind for _, kind, *_ in silent} <= {"escalated"}, "at the top there is nowhere to climb"
    assert set(told.values()) <= {1}


def due_and_fired(books: Books) -> tuple[int, int]:
    now = utcnow()
    with books.read() as session:
        rows = session.scalars(select(StepRow).where(StepRow.cancelled_at.is_(None))).all()
        ripe = [row for row in rows if row.at <= now]
    return len(ripe), sum(row.fired_at is not None for row in ripe)


def promises(books: Books) -> list[tuple[Any, ...]]:
    with books.read() as session:
        rows = session.scalars(select(ClockRow)).all()
        return sorted(
            (str(row.ticket_id), row.clock, row.round, row.started_at, str(row.due_at))
            for row in rows
        )


def test_three_clocks_and_repeated_ticks_give_each_step_once(start_live: StartLive) -> None:
    system = start_live(REDIS_URL=NOWHERE)
    with Books(system) as books:
        books.hire()
        owner = books.enrol("owner@acme.test")
        more = [run(system, "clock") for _ in range(2)]
        try:
            books.file(owner, CASES, at=utcnow() - LATE, severity="P1")
            at = utcnow()
            ticks = [run(system, "tick", "--at", at.isoformat()) for _ in range(3)]
            for process in ticks:
                with process:
                    process.communicate(timeout=GENEROUS)
                assert process.returncode == 0
            eventually(lambda: books.undone() == 0, every=0.2)
        finally:
            for clock in more:
                with clock:
                    stop(clock)
        ripe, fired = due_and_fired(books)
        assert ripe == fired >= 4 * CASES
        assert books.dead() == []
        assert_each_step_once(books)
        assert books.times_each("breached").keys() <= {1, 2}
        before = len(books.steps_fired())
        assert books.tick(at) == 0
        assert len(books.steps_fired()) == before


def test_a_restart_keeps_promises_and_steps_that_fell_due_meanwhile_fire(
    start_live: StartLive,
) -> None:
    system = start_live()
    with Books(system) as books:
        books.hire()
        owner = books.enrol("owner@acme.test")
        books.file(owner, CASES, at=utcnow(), severity="P1")
        eventually(lambda: books.undone() == 0, every=0.2)
        before = promises(books)
        assert system.stop() == 0
        books.file(owner, CASES, at=utcnow() - LATE, severity="P1")
        late = [row for row in promises(books) if row not in before]
        system.start()
        eventually(lambda: due_and_fired(books)[1] >= 4 * CASES, every=0.2)
        eventually(lambda: books.undone() == 0, every=0.2)
        assert promises(books) == sorted(before + late)
        assert_each_step_once(books)
        books.tick(utcnow() + 2 * LATE)
        assert_each_step_once(books)
        assert promises(books) == sorted(before + late)
        assert books.dead() == []


def test_a_clock_that_leaps_far_ahead_and_back_fires_nothing_twice(start_live: StartLive) -> None:
    system = start_live(REDIS_URL=NOWHERE)
    with Books(system) as books:
        books.hire()
        owner = books.enrol("owner@acme.test")
        now = utcnow()
        books.file(owner, 3, at=now, severity="P1")
        promised = promises(books)
        while books.tick(now + timedelta(days=400)):
            assert_each_step_once(books)  # a turn does so much; letters wait for the next
        fired = sorted(books.steps_fired(), key=str)
        assert len(fired) >= 3 * 4
        for at in (now - timedelta(days=400), now, datetime.now(UTC)):
            books.tick(at)
            assert sorted(books.steps_fired(), key=str) == fired
        assert promises(books) == promised
        books.file(owner, 1, at=utcnow(), severity="P1")
        eventually(lambda: books.undone() == 0, every=0.2)
        assert_each_step_once(books)
        assert len(promises(books)) > len(promised)
        assert books.dead() == []
