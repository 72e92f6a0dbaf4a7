"""Events: kept with the change, dealt with once, tried again, and never in the way of others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder
from portal.foundation import outbox
from portal.foundation.outbox import LEASE, MAX_TRIES, Event, OutboxEvent, backoff, drain, record
from portal.foundation.runtime import Runtime

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine a transaction would be cut short for those who wait."""
    monkeypatch.setattr(outbox, "HOLD_SECONDS", 60)


def builders(session: Session, happened: Event) -> None:
    slug = happened.payload["slug"]
    session.add(Builder(slug=slug, name=slug, plan="starter", created_at=AT))


def broken(session: Session, happened: Event) -> None:
    raise RuntimeError("the other end is gone")


def put(runtime: Runtime, slug: str, *, at: datetime = AT) -> None:
    with runtime.writers.begin() as session:
        record(session, "made", at=at, builder_id=None, slug=slug)


def slugs(runtime: Runtime) -> list[str]:
    with runtime.readers() as session:
        return list(session.scalars(select(Builder.slug).order_by(Builder.slug)))


def test_a_rolled_back_change_leaves_no_event(runtime: Runtime) -> None:
    with runtime.writers() as session:
        record(session, "made", at=AT, builder_id=None, slug="never")
        session.rollback()
    assert drain(runtime.writers, {"made": [builders]}, at=AT) == 0


def test_each_subscriber_once_however_often_drained(runtime: Runtime) -> None:
    put(runtime, "one")
    subscribers = {"made": [builders]}
    assert drain(runtime.writers, subscribers, at=AT) == 1
    assert drain(runtime.writers, subscribers, at=AT + LEASE * 2) == 0
    assert slugs(runtime) == ["one"]


def test_a_failing_subscriber_keeps_the_others_effects_once(runtime: Runtime) -> None:
    put(runtime, "one")
    at = AT
    for attempt in range(1, MAX_TRIES):
        assert drain(runtime.writers, {"made": [builders, broken]}, at=at) == 0
        at += backoff(attempt)
    assert drain(runtime.writers, {"made": [builders]}, at=at) == 1
    assert slugs(runtime) == ["one"]


def test_a_poisonous_event_dies_and_lets_others_pass(runtime: Runtime) -> None:
    put(runtime, "poison")
    at = AT
    for _ in range(MAX_TRIES):
        drain(runtime.writers, {"made": [broken]}, at=at)
        at += timedelta(hours=1)
    with runtime.readers() as session:
        dead = session.scalars(select(OutboxEvent)).one()
    assert dead.attempts == MAX_TRIES
    assert dead.dead_at is not None
    assert "the other end is gone" in dead.error
    put(runtime, "fine", at=at)
    assert drain(runtime.writers, {"made": [builders]}, at=at) == 1


def test_what_a_killed_worker_claimed_comes_back_after_the_lease(runtime: Runtime) -> None:
    put(runtime, "one")
    with runtime.readers() as session:
        event_id = session.scalars(select(OutboxEvent.id)).one()
    assert outbox._claim(runtime.writers, event_id, AT) is not None  # and then it is killed
    assert drain(runtime.writers, {"made": [builders]}, at=AT + LEASE - SECOND) == 0
    assert drain(runtime.writers, {"made": [builders]}, at=AT + LEASE) == 1
    assert slugs(runtime) == ["one"]


def test_an_event_waits_until_its_time(runtime: Runtime) -> None:
    with runtime.writers.begin() as session:
        record(session, "made", at=AT, builder_id=None, not_before=AT + 15 * SECOND, slug="later")
    assert drain(runtime.writers, {"made": [builders]}, at=AT + 14 * SECOND) == 0
    assert drain(runtime.writers, {"made": [builders]}, at=AT + 15 * SECOND) == 1


def test_the_bell_rings_after_the_commit_and_not_before(runtime: Runtime) -> None:
    rung: list[str] = []
    with runtime.writers(info={outbox.BELL: lambda: rung.append("rung")}) as session:
        record(session, "made", at=AT, builder_id=None, slug="one")
        session.flush()
        assert rung == []
        session.commit()
        assert rung == ["rung"]
        session.commit()
    assert rung == ["rung"]


def test_the_bell_waits_for_the_whole_and_not_for_a_savepoint(runtime: Runtime) -> None:
    rung: list[str] = []
    with runtime.writers(info={outbox.BELL: lambda: rung.append("rung")}) as session:
        with session.begin_nested():
            record(session, "made", at=AT, builder_id=None, slug="one")
        assert rung == []
        with pytest.raises(RuntimeError), session.begin_nested():
            raise RuntimeError("an attempt that failed")
        session.commit()
        assert rung == ["rung"]


def test_many_events_share_a_transaction_and_a_broken_one_leaves_nothing_behind(
    runtime: Runtime,
) -> None:
    commits: list[str] = []
    seen: list[str] = []

    def picky(session: Session, happened: Event) -> None:
        seen.append(happened.payload["slug"])
        if happened.payload["slug"] == "bad":
            raise RuntimeError("not this one")

    for slug in ("one", "bad", "two"):
        put(runtime, slug)
    event.listen(runtime.engine, "commit", lambda _: commits.append("commit"))
    assert drain(runtime.writers, {"made": [builders, picky]}, at=AT) == 2
    assert slugs(runtime) == ["bad", "one", "two"]  # its other subscriber has done its part
    assert seen == ["one", "bad", "two", "bad"]  # once with all, once by itself
    together, claimed, its_other_subscriber, failed = 1, 1, 1, 1
    assert len(commits) == together + claimed + its_other_subscriber + failed


def test_what_was_done_alone_is_not_done_again_with_the_others(runtime: Runtime) -> None:
    """As after a replay, which gives all tries anew."""
    put(runtime, "one")
    drain(runtime.writers, {"made": [builders, broken]}, at=AT)
    with runtime.writers.begin() as session:
        row = session.scalars(select(OutboxEvent)).one()
        row.attempts, row.next_try_at = 0, AT
    assert drain(runtime.writers, {"made": [builders]}, at=AT) == 1
    assert slugs(runtime) == ["one"]


def test_a_transaction_is_cut_short_for_those_who_wait(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[list[str]] = []

    def look(_sessions: object) -> None:
        left.append(slugs(runtime))
        monkeypatch.setattr(outbox, "HOLD_SECONDS", 60)

    monkeypatch.setattr(outbox, "HOLD_SECONDS", -1)  # over before the first one
    monkeypatch.setattr(outbox, "give_way", look)
    for number in range(3):
        put(runtime, str(number))
    assert drain(runtime.writers, {"made": [builders]}, at=AT) == 3
    assert left == [[]]
    assert slugs(runtime) == ["0", "1", "2"]


def test_several_workers_at_once_deal_with_each_event_once(runtime: Runtime) -> None:
    for number in range(60):
        put(runtime, f"builder-{number:02}")
    with ThreadPoolExecutor(3) as pool:
        done = pool.map(lambda _: drain(runtime.writers, {"made": [builders]}, at=AT), range(3))
    assert sum(done) == 60
    assert len(slugs(runtime)) == 60


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 5), (2, 20), (3, 80), (9, 3600)])
def test_backoff_grows_to_an_hour(attempts: int, seconds: int) -> None:
    assert backoff(attempts) == timedelta(seconds=seconds)
