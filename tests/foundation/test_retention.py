"""Events that are dealt with go after a while; what is open or was given up stays."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from portal.foundation import retention
from portal.foundation.outbox import Effect, OutboxEvent, drain, record
from portal.foundation.runtime import Runtime
from tests.fixtures.database import KIND
from tests.fixtures.world import NOW
from tests.support.plans import planned

pytestmark = pytest.mark.usefixtures("noon")
DAY = timedelta(days=1)
ELSE = UUID(int=7)
forget = retention.forgetting(30 * DAY)


def nothing(*_: object) -> None:
    pass


def happen(runtime: Runtime, *names: str, handler: Callable[..., None] = nothing) -> None:
    with runtime.writers.begin() as session:
        for name in names:
            record(session, "happened", at=NOW, builder_id=None, name=name)
    drain(runtime.writers, {"happened": [handler]}, at=NOW)


def left(runtime: Runtime) -> list[str]:
    with runtime.readers() as session:
        return sorted(payload["name"] for payload in session.scalars(select(OutboxEvent.payload)))


def test_thirty_days_after_they_were_dealt_with(
    runtime: Runtime, noon: time_machine.Traveller
) -> None:
    happen(runtime, "one", "two")
    noon.move_to(NOW + 30 * DAY)
    assert forget(runtime.writers, NOW + 30 * DAY) == 0
    noon.move_to(NOW + 31 * DAY)
    assert forget(runtime.writers, NOW + 31 * DAY) == 2
    assert left(runtime) == []
    assert forget(runtime.writers, NOW + 31 * DAY) == 0


def test_only_what_is_old_enough_goes(runtime: Runtime, noon: time_machine.Traveller) -> None:
    happen(runtime, "old", "young")
    with runtime.writers.begin() as session:
        rows = {row.payload["name"]: row for row in session.scalars(select(OutboxEvent))}
        rows["young"].done_at = NOW + 20 * DAY
    noon.move_to(NOW + 40 * DAY)
    assert forget(runtime.writers, NOW + 40 * DAY) == 1
    assert left(runtime) == ["young"]


def test_what_was_noted_of_their_effects_goes_with_them(
    runtime: Runtime, noon: time_machine.Traveller
) -> None:
    troubles = [RuntimeError("among others")]

    def fails_at_first(*_: object) -> None:
        if troubles:
            raise troubles.pop()

    happen(runtime, "one", handler=fails_at_first)
    with runtime.writers.begin() as session:
        assert len(session.scalars(select(Effect)).all()) == 1
        session.add(Effect(event_id=ELSE, subscriber="somebody", at=NOW))
    noon.move_to(NOW + 31 * DAY)
    assert forget(runtime.writers, NOW + 31 * DAY) == 1
    with runtime.readers() as session:
        assert session.scalars(select(Effect.event_id)).all() == [ELSE]


def test_what_is_open_or_was_given_up_stays_for_ever(
    runtime: Runtime, noon: time_machine.Traveller
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no luck")

    happen(runtime, "given up", "open", handler=broken)
    with runtime.writers.begin() as session:
        rows = {row.payload["name"]: row for row in session.scalars(select(OutboxEvent))}
        rows["given up"].dead_at = NOW
    noon.move_to(NOW + 4000 * DAY)
    assert forget(runtime.writers, NOW + 4000 * DAY) == 0
    assert left(runtime) == ["given up", "open"]


def test_a_little_each_turn(
    runtime: Runtime, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST", 2)
    happen(runtime, "one", "two", "three")
    noon.move_to(NOW + 31 * DAY)
    assert [forget(runtime.writers, NOW + 31 * DAY) for _ in range(3)] == [2, 1, 0]


def test_a_turn_as_of_next_year_forgets_nothing_of_today(runtime: Runtime) -> None:
    happen(runtime, "one")
    assert forget(runtime.writers, NOW + 400 * DAY) == 0


def test_for_ever(runtime: Runtime, noon: time_machine.Traveller) -> None:
    happen(runtime, "one")
    noon.move_to(NOW + 4000 * DAY)
    assert retention.forgetting(None)(runtime.writers, NOW + 4000 * DAY) == 0
    assert left(runtime) == ["one"]


def test_the_clock_forgets_them(runtime: Runtime) -> None:
    assert forget.__qualname__ in {ticker.__qualname__ for ticker in runtime.tickers}


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_they_are_found_by_their_age(runtime: Runtime, noon: time_machine.Traveller) -> None:
    happen(runtime, "one")
    noon.move_to(NOW + 31 * DAY)
    with planned(runtime.engine) as plans:
        forget(runtime.writers, NOW + 31 * DAY)
    [plan, _] = [plan for plan in plans if "FROM outbox" in plan]  # looked for, then deleted
    assert "USING INDEX ix_outbox_done (done_at<?)" in plan
    assert "B-TREE" not in plan
