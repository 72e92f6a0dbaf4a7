from datetime import UTC, datetime

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from portal.ops import clock

NOW = 1_795_000_000.0
NOWHERE = "unix:///nowhere/valkey.sock"


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as client:
        yield client


class Recorder:
    """What the clock does by itself; `fails` makes it fail so often first."""

    def __init__(self, fails: int = 0) -> None:
        self.loads = 0
        self.turns: list[datetime] = []
        self.fails = fails

    def load(self) -> clock.Tick:
        self.loads += 1
        return self.turn

    def turn(self, at: datetime) -> None:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("no luck")
        self.turns.append(at)


def rung(redis: Redis) -> list[str]:
    return Queue(clock.QUEUE, connection=redis, serializer=JSONSerializer).job_ids


def test_rings_once_a_slot_however_many_clocks_run(redis):
    for _ in range(3):
        clock.ring(redis, int(NOW))
        clock.ring(redis, int(NOW) + clock.SLOT)
    slot = int(NOW) // clock.SLOT
    assert rung(redis) == [f"sweep-{slot}", f"sweep-{slot + 1}"]


def test_the_job_is_plain_data_and_does_not_outstay_its_slot(redis):
    clock.ring(redis, int(NOW))
    (job,) = Queue(clock.QUEUE, connection=redis, serializer=JSONSerializer).jobs
    assert (job.func_name, job.args) == (clock.SWEEP, [int(NOW)])
    assert 0 < redis.ttl(job.key) <= clock.LATE


def test_does_nothing_itself_while_sweeps_come_in(redis):
    recorder = Recorder()
    redis.set(clock.SWEPT, int(NOW) - clock.LATE)
    clock.Clock(redis, recorder.load, started=0).strike(NOW)
    assert (recorder.loads, recorder.turns) == (0, [])


def test_does_the_work_itself_when_the_worker_is_late(redis):
    recorder = Recorder()
    redis.set(clock.SWEPT, int(NOW) - clock.LATE - 1)
    clock.Clock(redis, recorder.load, started=0).strike(NOW)
    assert recorder.turns == [datetime.fromtimestamp(NOW, UTC)]
    assert rung(redis), "the worker is rung all the same"


def test_gives_a_worker_time_to_start(redis):
    recorder = Recorder()
    young = clock.Clock(redis, recorder.load, started=NOW)
    young.strike(NOW + clock.LATE)
    assert recorder.turns == []
    young.strike(NOW + clock.LATE + 1)
    assert len(recorder.turns) == 1


def test_does_the_work_itself_when_redis_is_away_and_loads_the_application_once():
    recorder = Recorder()
    alone = clock.Clock(Redis.from_url(NOWHERE), recorder.load, started=NOW)
    for slot in range(3):
        alone.strike(NOW + slot * clock.SLOT)
    assert (recorder.loads, len(recorder.turns)) == (1, 3)


def test_a_turn_that_fails_does_not_stop_the_clock():
    recorder = Recorder(fails=1)
    alone = clock.Clock(Redis.from_url(NOWHERE), recorder.load, started=NOW)
    alone.strike(NOW)
    alone.strike(NOW + clock.SLOT)
    assert [turn.timestamp() for turn in recorder.turns] == [NOW + clock.SLOT]


def test_redis_that_returns_is_used_again(valkey_server, redis):
    recorder = Recorder()
    ticking = clock.Clock(redis, recorder.load, started=NOW)
    valkey_server.kill()
    ticking.strike(NOW)
    valkey_server.start()
    redis.set(clock.SWEPT, int(NOW))
    ticking.strike(NOW + clock.SLOT)
    assert len(recorder.turns) == 1
    assert len(rung(redis)) == 1
