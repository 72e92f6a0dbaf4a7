"""Rate limits, counted in Redis, or in the process while Redis is away."""

from flask import Flask, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from portal.config import Settings


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
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1}
    limiter.init_app(app)


def storage_uri(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1)
