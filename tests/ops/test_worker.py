import signal
import threading

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from portal.foundation import jobs, queue
from portal.ops import clock, worker
from portal.ops.models import CLOCK
from tests.ops.test_ticking import beats

NOWHERE = "unix:///nowhere/valkey.sock"


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def work(app, runtime, redis):
    """Works until every queue is empty, in this process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    runtime.doorbell.redis = redis

    def until_empty():
        made = worker.Worker(list(worker.QUEUES), connection=redis, serializer=JSONSerializer)
        made.app, made.stopping = app, threading.Event()
        made.work(burst=True, logging_level="ERROR")
        return made

    yield until_empty
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_clock_comes_before_everything_and_mail_last():
    assert worker.QUEUES[0] == clock.QUEUE
    assert worker.QUEUES[-1] == "mail"
    assert set(queue.QUEUES) <= set(worker.QUEUES)


def test_a_ring_of_the_clock_is_worked_off(runtime, redis, work):
    clock.ring(redis, 1_795_000_000)
    work()
    assert beats(runtime)[CLOCK].timestamp() == 1_795_000_000
    assert clock.last_sweep(redis) > 0


def test_a_job_that_fails_does_not_stop_the_next(runtime, redis, work, caplog):
    rings = Queue("default", connection=redis, serializer=JSONSerializer)
    poison = rings.enqueue("portal.ops.no_such_module.job")
    clock.ring(redis, 1_795_000_000)
    work()
    assert poison.get_status(refresh=True) == "failed"
    assert CLOCK in beats(runtime)


def test_pickled_jobs_are_not_run(redis, work, tmp_path):
    """Whoever can write to Redis must not be able to run code of theirs."""
    trap = tmp_path / "trap"
    Queue("default", connection=redis).enqueue("pathlib.Path.touch", trap)
    work()
    assert not trap.exists()


class Enough(Exception):
    pass


def test_pages_are_tried_again_and_again_whatever_happens(app, monkeypatch, caplog):
    tried = []

    def fails_first():
        tried.append(len(tried))
        if len(tried) == 1:
            raise RuntimeError("no luck")

    def rest(seconds):
        if len(tried) == 3:
            raise Enough

    monkeypatch.setattr(jobs, "send_pages", fails_first)
    monkeypatch.setattr(worker.time, "sleep", rest)
    with pytest.raises(Enough):
        worker.send_pages(app)
    assert tried == [0, 1, 2]
    assert "no luck" in caplog.text


def test_waits_for_a_redis_that_is_away(app, caplog):
    caplog.set_level("WARNING")
    worker.work(app, worker.QUEUES, NOWHERE, threading.Event())
    assert "redis is away" in caplog.text


def test_a_signal_counts_though_redis_is_away(redis):
    """Stopped together with Valkey, a worker must not wait for it for ever."""
    made = worker.Worker(["default"], connection=redis, serializer=JSONSerializer)
    made.stopping = threading.Event()
    made.set_state("busy")
    made.connection = Redis.from_url(NOWHERE)
    with pytest.raises(RedisError):
        made.request_stop(signal.SIGTERM, None)
    assert made.stopping.is_set()
