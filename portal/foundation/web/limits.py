"""Rate limits, counted in Redis, or in the process while Redis is away."""

from flask import Flask, Response, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import RedisStorage

from portal.config import Settings
from portal.foundation.queue import PATIENCE
from portal.foundation.web.errors import RETRY_SECONDS

RESET = "RateLimit-Reset"


class Counters(RedisStorage):
    """Registers itself in place of its original, which loads a second client beside Redis's."""

    STORAGE_SCHEME = ["redis", "rediss", "redis+unix"]  # noqa: RUF012  its original's form
    DEPENDENCIES = {"redis": RedisStorage.DEPENDENCIES["redis"]}  # noqa: RUF012


def caller() -> str:
    actor = g.get("actor")
    return str(actor.user_id) if actor is not None else str(get_remote_address())


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
