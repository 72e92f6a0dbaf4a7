"""Browsers in which somebody has signed in before: strangers' tries don't hinder them.

The cookie holds no right of its own. It names a lane in which tries are counted (core/lockout), so
that whoever steals it still has to guess, as slowly as anybody.
"""

import secrets
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal.foundation.web.site import the_site

KEPT: Final = timedelta(days=365)
MOST: Final = 6  # people that share a browser; the latest are known


def browser_of(user_id: UUID) -> str:
    """What this browser is called for that person; empty when they never signed in here."""
    return _known().get(user_id.hex, "")


def remember(response: Response, user_id: UUID) -> None:
    known = _known()
    name = known.pop(user_id.hex, "") or secrets.token_urlsafe(9)
    kept = [*known.items()][-MOST + 1 :]
    response.set_cookie(
        _name(),
        _signer().dumps([*kept, (user_id.hex, name)]),
        max_age=KEPT,
        path=the_site().path,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )


def _known() -> dict[str, str]:
    try:
        pairs: Any = _signer().loads(
            request.cookies.get(_name(), ""), max_age=int(KEPT.total_seconds())
        )
        return {str(user): str(name) for user, name in pairs}
    except (BadData, TypeError, ValueError):
        return {}


def _name() -> str:
    name: str = current_app.config["SESSION_COOKIE_NAME"]
    if the_site().path == "/":
        return f"{name}-known"
    return f"{name.replace('__Host-', '__Secure-')}-portal-known"


def _signer() -> URLSafeTimedSerializer:
    """What one site knows means nothing at another."""
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"], salt=f"known browser:{the_site().root}"
    )
