"""Counts are kept in Redis, with one question each."""

import time

import pytest
from flask import Flask
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from redis import Redis

from portal.foundation.web.limits import Counters, storage_uri


@pytest.fixture
def counting(redis_url):
    return FixedWindowRateLimiter(Counters(storage_uri(redis_url)))


def commands(redis: Redis) -> int:
    done = redis.info("commandstats")
    return sum(done.get(f"cmdstat_{name}", {"calls": 0})["calls"] for name in ("evalsha", "get"))


def test_a_count_its_rest_and_its_end_take_one_question(counting, redis_url):
    limit = parse("3 per minute")
    with Redis.from_url(redis_url) as redis:
        for left in (2, 1, 0):
            with Flask("one request").app_context():
                began, before = time.time(), commands(redis)
                assert counting.hit(limit, "somebody")
                stats = counting.get_window_stats(limit, "somebody")
                assert stats.remaining == left
                assert began < stats.reset_time <= time.time() + 60
                if left < 2:  # the first one brings the script
                    assert commands(redis) == before + 1
    with Flask("one more").app_context():
        assert not counting.hit(limit, "somebody")
        assert counting.get_window_stats(limit, "somebody").remaining == 0
        assert counting.hit(limit, "somebody else")


def test_the_count_ends_with_its_window(counting, redis_url):
    with Flask("a request").app_context():
        counting.hit(parse("3 per minute"), "somebody")
    with Redis.from_url(redis_url) as redis:
        (key,) = redis.keys("LIMITS*")
        assert 0 < redis.ttl(key) <= 60
        redis.delete(key)
    with Flask("a minute later").app_context():
        assert counting.get_window_stats(parse("3 per minute"), "somebody").remaining == 3
        assert counting.hit(parse("3 per minute"), "somebody")
        assert counting.get_window_stats(parse("3 per minute"), "somebody").remaining == 2
