"""One turn of the clock: everything that is due as of a time. Safe to repeat and to race.

Due steps are claimed in the database, so any number of clocks gives each of them once.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from portal.foundation import deliveries, outbox
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime, Ticker, current_runtime
from portal.ops.clock import SWEPT
from portal.ops.models import CLOCK, WORKER, beat

log = logging.getLogger(__name__)

TURN = timedelta(seconds=11)  # after which the next one goes on; before ops.clock.LATE


def tick(runtime: Runtime, at: datetime, within: timedelta = TURN) -> int:
    """Do what is due at `at`, or as much as can be done `within`; returns how much that was."""
    until = time.monotonic() + within.total_seconds()
    done = sum(_guarded(runtime, ticker, at) for ticker in runtime.tickers)
    drain = partial(outbox.drain, runtime.writers, runtime.subscribers, at=at)
    # the turn is as of `at` to its end, so that a repeated one finds what it left; the hands of the
    # real clock move on meanwhile, and a lease must not be over before they do
    lease = deliveries.LEASE + within
    send = partial(
        deliveries.send_due, runtime.writers, runtime.channels, at=lambda: at, lease=lease
    )
    return done + _as_long_as_any(until, drain) + _as_long_as_any(until, send)


def _as_long_as_any(until: float, work: Callable[[], int]) -> int:
    """Once at least, then again until nothing is left or `until` of the monotonic clock."""
    done = some = work()
    while some and time.monotonic() < until:
        some = work()
        done += some
    return done


def _guarded(runtime: Runtime, ticker: Ticker, at: datetime) -> int:
    """One ticker's fault must not silence the others."""
    try:
        return ticker(runtime.writers, at)
    except Exception:
        log.exception("clock work failed: %s.%s", ticker.__module__, ticker.__qualname__)
        return 0


def tick_alone(runtime: Runtime, at: datetime) -> int:
    """The clock's own turn, when Redis is away or no worker answers."""
    done = tick(runtime, at)
    beat(runtime.writers, CLOCK, at)
    return done


def sweep(slot: int) -> int:
    """The worker's job, rung by the clock; `slot` is when it rang, in seconds since 1970."""
    runtime = current_runtime()
    done = tick(runtime, utcnow())
    beat(runtime.writers, CLOCK, datetime.fromtimestamp(slot, UTC))
    beat(runtime.writers, WORKER, utcnow())
    runtime.doorbell.redis.set(SWEPT, int(utcnow().timestamp()))
    return done
