from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from portal.foundation import deliveries, outbox
from portal.foundation.clock import utcnow
from portal.ops import clock, ticking
from portal.ops.models import CLOCK, WORKER, Heartbeat, beat

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def beats(runtime) -> dict[str, datetime]:
    with runtime.readers() as session:
        return {row.name: row.at for row in session.scalars(select(Heartbeat))}


def test_every_ticker_gets_the_time_that_was_asked_for(runtime):
    seen = []
    runtime.tickers[:] = [lambda _sessions, at: seen.append(("one", at)) or 2]
    runtime.tickers.append(lambda _sessions, at: seen.append(("two", at)) or 3)
    assert ticking.tick(runtime, AT) == 5
    assert seen == [("one", AT), ("two", AT)]


def test_a_ticker_that_fails_does_not_silence_the_others(runtime, caplog):
    def fails(_sessions, _at):
        raise RuntimeError("no luck")

    runtime.tickers[:] = [fails, lambda _sessions, _at: 1]
    assert ticking.tick(runtime, AT) == 1
    assert "no luck" in caplog.text


@pytest.fixture
def mail(runtime):
    """Takes every mail; returns what it has taken."""
    taken = []

    def send(delivery):
        taken.append(delivery.recipient)
        return deliveries.Outcome(deliveries.Status.SENT)

    channel = deliveries.Channel(send, lambda _session, _delivery, _at: None)
    runtime.channels = {"mail": channel}
    runtime.tickers.clear()
    return taken


def happen(runtime, at):
    with runtime.writers.begin() as session:
        outbox.record(session, "test.happened", at=at, builder_id=None, to="ann@acme.test")


def write_letter(session, happened):
    deliveries.queue(
        session,
        "mail",
        at=happened.at,
        dedup_key=f"letter:{happened.id}",
        payload={},
        recipient=happened.payload["to"],
    )


def test_what_happened_leads_to_letters_in_the_same_turn_and_once(runtime, mail):
    runtime.subscribers = {"test.happened": [write_letter]}
    happen(runtime, AT)
    assert ticking.tick(runtime, AT) == 2
    assert ticking.tick(runtime, AT) == 0
    assert mail == ["ann@acme.test"]


def test_what_is_due_later_waits(runtime, mail):
    runtime.subscribers = {"test.happened": [write_letter]}
    happen(runtime, AT + timedelta(seconds=1))
    assert ticking.tick(runtime, AT) == 0
    assert ticking.tick(runtime, AT + timedelta(seconds=1)) == 2


def test_a_long_queue_is_worked_off_in_one_turn(runtime, mail):
    runtime.subscribers = {}
    for _ in range(450):
        happen(runtime, AT)
    assert ticking.tick(runtime, AT) == 450


def test_a_turn_that_took_long_leaves_the_rest_to_the_next_one(runtime, mail):
    runtime.subscribers = {}
    for _ in range(210):
        happen(runtime, AT)
    assert ticking.tick(runtime, AT, within=timedelta(0)) == 200
    assert ticking.tick(runtime, AT, within=timedelta(0)) == 10


def test_a_lease_outlasts_the_turn_it_began_in(runtime, mail):
    """As of one moment, though the turn takes its time: counted from its end it is as long."""
    runtime.subscribers = {"test.happened": [write_letter]}
    happen(runtime, AT)
    leases = []

    def send(delivery):
        leases.append(delivery.next_try_at)
        return deliveries.Outcome(deliveries.Status.SENT)

    runtime.channels = {"mail": deliveries.Channel(send, lambda *_: None)}
    ticking.tick(runtime, AT)
    assert leases == [AT + ticking.TURN + deliveries.LEASE]


def test_what_sending_led_to_is_found_by_the_same_turn_repeated(runtime, mail):
    """A tick as of next year must leave nothing that is due a moment after it."""
    heard = []
    runtime.subscribers = {
        "test.happened": [write_letter],
        "test.settled": [lambda _session, event: heard.append(event.payload["to"])],
    }
    happen(runtime, AT)

    def settled(session, delivery, at):
        outbox.record(session, "test.settled", at=at, builder_id=None, to=delivery.recipient)

    runtime.channels = {
        "mail": deliveries.Channel(lambda _: deliveries.Outcome(deliveries.Status.SENT), settled)
    }
    while ticking.tick(runtime, AT):
        pass
    assert heard == ["ann@acme.test"]


def test_a_sweep_shows_that_clock_and_worker_live(runtime, valkey_server):
    runtime.doorbell.redis = Redis.from_url(valkey_server.url)
    runtime.tickers.clear()
    ticking.sweep(int(AT.timestamp()))
    seen = beats(runtime)
    assert seen[CLOCK] == AT
    assert seen[WORKER] > AT - timedelta(days=365)
    swept = clock.last_sweep(runtime.doorbell.redis)  # in whole seconds
    assert int(seen[WORKER].timestamp()) <= swept <= utcnow().timestamp()


def test_a_clock_alone_shows_only_itself(runtime):
    runtime.tickers.clear()
    ticking.tick_alone(runtime, AT)
    assert beats(runtime) == {CLOCK: AT}


def test_a_heartbeat_is_one_row_that_moves(runtime):
    beat(runtime.writers, WORKER, AT)
    beat(runtime.writers, WORKER, AT + timedelta(seconds=5))
    assert beats(runtime) == {WORKER: AT + timedelta(seconds=5)}
