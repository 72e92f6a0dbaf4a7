"""The doorbell when nobody is at the door."""

from redis import Redis
from redis.exceptions import RedisError

from portal.foundation import queue
from portal.foundation.queue import Doorbell


class Absent(Redis):
    """Counts how often somebody waited for it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def execute_command(self, *_args, **_options):
        self.asked += 1
        raise RedisError("gone")

    def pipeline(self, *_args, **_options):
        self.asked += 1
        raise RedisError("gone")


def test_after_one_failure_nobody_waits_until_it_has_rested(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(queue.time, "monotonic", lambda: now[0])
    absent = Absent()
    bell = Doorbell(absent)
    assert bell.ring("portal.foundation.jobs.drain") is False
    tried = absent.asked
    assert tried > 0
    assert bell.ring("portal.foundation.jobs.drain") is False
    assert absent.asked == tried
    now[0] += queue.REST
    assert bell.ring("portal.foundation.jobs.drain") is False
    assert absent.asked > tried
