"""Redis as a doorbell: losing it loses nothing, the clock rings again."""

import logging
from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

QUEUES = ("default", "mail")
JOB_SECONDS = 120


def connect(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)


class Doorbell:
    """Enqueues one call; says False instead of failing when nobody is at the door."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._away = False

    def ring(self, call: str, *arguments: Any, queue: str = "default") -> bool:
        try:
            Queue(queue, connection=self.redis, serializer=JSONSerializer).enqueue(
                call, *arguments, result_ttl=0, failure_ttl=3600, job_timeout=JOB_SECONDS
            )
        except RedisError as error:
            if not self._away:  # once, not for every request until it is back
                log.warning("redis is away, the clock will ring again: %s", error)
            self._away = True
            return False
        self._away = False
        return True

    def bell(self, call: str, *arguments: Any) -> Callable[[], bool]:
        return lambda: self.ring(call, *arguments)
