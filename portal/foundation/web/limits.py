"""Rate limits, counted in Redis, or in the process while Redis is away."""

from flask import Flask, Response, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import RedisStorage

from portal.config import Settings
from portal.foundation.clock import utcnow
from portal.foundation.queue import PATIENCE
from portal.foundation.web.errors import RETRY_SECONDS

RESET = "RateLimit-Reset"


class Counters(RedisStorage):
    """Registers itself in place of its original, which loads a second client beside Redis's, and
    asks Redis twice more for what the headers say of a count."""

    STORAGE_SCHEME = ["redis", "rediss", "redis+unix"]  # noqa: RUF012  its original's form
    DEPENDENCIES = {"redis": RedisStorage.DEPENDENCIES["redis"]}  # noqa: RUF012
    SCRIPT_INCR_EXPIRE = b"""
        local count = redis.call("incrby", KEYS[1], ARGV[2])
        if count == tonumber(ARGV[2]) then
            redis.call("expire", KEYS[1], ARGV[1])
        end
        return {count, redis.call("ttl", KEYS[1])}
    """

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        count, seconds = self.lua_incr_expire([self.prefixed_key(key)], [expiry, amount])
        _counted()[key] = (int(count), utcnow().timestamp() + max(int(seconds), 0))
        return int(count)

    def get(self, key: str) -> int:
        known = _counted().get(key)
        return known[0] if known else super().get(key)

    def get_expiry(self, key: str) -> float:
        known = _counted().get(key)
        return known[1] if known else super().get_expiry(key)


def _counted() -> dict[str, tuple[int, float]]:
    """What this request has counted, and until when each count holds (POSIX time)."""
    counted: dict[str, tuple[int, float]] = g.setdefault("counted", {})
    return counted


def caller() -> str:
    actor = g.get("actor")
    known = actor is not None and actor.user_id is not None
    return str(actor.user_id) if known else str(get_remote_address())


limiter = Limiter(
    key_func=caller,
    headers_enabled=True,
    in_memory_fallback_enabled=True,
    swallow_errors=True,
)


def init_app(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = storage_uri(settings.redis_url)
    app.config["RATELIMIT_ENABLED"] = not settings.testing
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
    }
    app.config["RATELIMIT_HEADER_LIMIT"] = "RateLimit-Limit"
    app.config["RATELIMIT_HEADER_REMAINING"] = "RateLimit-Remaining"
    app.config["RATELIMIT_HEADER_RESET"] = RESET
    app.after_request(_polish)  # before the limiter's own, which means after it
    limiter.init_app(app)


def _polish(response: Response) -> Response:
    """Flask-Limiter tells everybody to come back later, and names an instant instead of seconds."""
    if RESET not in response.headers:
        return response
    seconds = str(max(int(response.headers.pop("Retry-After", 0)), 1))
    response.headers[RESET] = seconds
    if response.status_code == 429:
        response.headers["Retry-After"] = seconds
    elif response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def storage_uri(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1)
