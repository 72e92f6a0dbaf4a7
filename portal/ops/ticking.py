"""One turn of the clock: everything that is due as of a time. Safe to repeat and to race.

Due steps are claimed in the database, so any number of clocks gives each of them once.
"""

import logging
from datetime import UTC, datetime

from portal.foundation import deliveries, outbox
from portal.foundation.clock import utcnow
from portal.foundation.runtime import Runtime, Ticker, current_runtime
from portal.ops.clock import SWEPT
from portal.ops.models import CLOCK, WORKER, beat

log = logging.getLogger(__name__)

ROUNDS = 50  # of 200 events: what one turn deals with before it lets others work


def tick(runtime: Runtime, at: datetime) -> int:
    """Do what is due at `at`; returns how much was done."""
    done = sum(_guarded(runtime, ticker, at) for ticker in runtime.tickers)
    for _ in range(ROUNDS):
        finished = outbox.drain(runtime.writers, runtime.subscribers, at=at)
        if not finished:
            break
        done += finished
    return done + deliveries.send_due(runtime.writers, runtime.channels, at=lambda: at)


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
