"""Redis as a doorbell: losing it loses nothing, the clock rings again."""

import logging
import time
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUES = ("default", "mail")
BELLS = frozenset({"outbox_bell", "search_bell"})
"""In a session's `info`: what is rung after its commit."""
JOB_SECONDS = 120
PATIENCE = 0.5  # seconds that somebody who reports a problem may wait for Redis
REST = 5.0  # seconds without another try; the clock rings as often


def connect(url: str, patience: float = 5) -> Redis:
    """`patience` is in seconds, for each answer."""
    return Redis.from_url(url, socket_connect_timeout=min(patience, 1), socket_timeout=patience)


class Doorbell:
    """Says False instead of failing when nobody is at the door.

    A Redis that hangs is tried once in a while: not everybody waits for it.
    """

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._away = False
        self._rests_until = 0.0  # of the monotonic clock

    def ring(self, call: str, *arguments: Any, queue: str = "default") -> bool:
        """Enqueue one call."""

        def enqueue(redis: Redis) -> None:
            Queue(queue, connection=redis, serializer=JSONSerializer).enqueue(
                call, *arguments, result_ttl=0, failure_ttl=3600, job_timeout=JOB_SECONDS
            )

        return self.attempt(enqueue)

    def attempt(self, call: Callable[[Redis], object]) -> bool:
        """Anything else that Redis is told in passing."""
        if time.monotonic() < self._rests_until:
            return False
        try:
            call(self.redis)
        except RedisError as error:
            if not self._away:  # once, not for every request until it is back
                log.warning("redis is away, the clock will ring again: %s", error)
            self._away = True
            self._rests_until = time.monotonic() + REST
            return False
        self._away = False
        return True

    def bell(self, call: str, *arguments: Any) -> Callable[[], bool]:
        return lambda: self.ring(call, *arguments)
