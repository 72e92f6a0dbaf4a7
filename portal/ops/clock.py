"""`corbel clock`: rings once a slot, and does the work itself when nobody comes to the door.

It stays small: the application is loaded only when Redis is away or the worker is late.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from portal.foundation.queue import connect

log = logging.getLogger(__name__)

SLOT = 5  # seconds
LATE = 15  # seconds without a finished sweep: the clock sweeps itself
QUEUE = "clock"
SWEEP = "portal.ops.ticking.sweep"
SWEPT = "corbel:swept"  # in Redis: when the worker last finished a sweep, in seconds

Tick = Callable[[datetime], object]


def run(redis_url: str, tick: Callable[[], Tick]) -> None:
    """Until SIGTERM or SIGINT. `tick()` loads the application and returns what does the work."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    clock = Clock(connect(redis_url), tick, started=time.time())
    while not stopping.wait(SLOT - time.time() % SLOT):
        clock.strike(time.time())


class Clock:
    def __init__(self, redis: Redis, load: Callable[[], Tick], started: float) -> None:
        self.redis = redis
        self.started = started
        self._load = load
        self._tick: Tick | None = None

    def strike(self, now: float) -> None:
        """One slot: ring, and see that somebody has answered lately."""
        try:
            ring(self.redis, int(now))
            late = now - max(last_sweep(self.redis), self.started) > LATE
        except RedisError as error:
            log.warning("redis is away, the clock does the work itself: %s", error)
            late = True
        if late:
            self._work(now)

    def _work(self, now: float) -> None:
        try:
            if self._tick is None:
                self._tick = self._load()
            self._tick(datetime.fromtimestamp(now, UTC))
        except Exception:  # the next slot tries again
            log.exception("the clock's own turn failed")


def ring(redis: Redis, now: int) -> None:
    """Enqueue the sweep of this slot; clocks that come second find it taken."""
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    try:
        queue.enqueue(
            SWEEP,
            now,
            job_id=f"sweep-{now // SLOT}",
            unique=True,
            ttl=LATE,  # sweeps don't pile up while no worker runs
            result_ttl=60,
            failure_ttl=60,
            job_timeout=120,
        )
    except DuplicateJobError:
        log.debug("another clock has rung this slot")


def last_sweep(redis: Redis) -> float:
    raw = redis.get(SWEPT)
    return float(raw) if isinstance(raw, bytes) else 0.0
