"""Security headers on every answer, a nonce for each, and a request id for the log."""

import secrets
from collections.abc import Iterator, Sequence
from uuid import UUID

from flask import Flask, Response, g, request

from portal.foundation.ids import uuid7

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "media-src 'self'"
)

VARIES = ("HX-Request", "Cookie")
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)


FRAMED = "X-Frame-Options"
KEPT = frozenset({"static", "assets.bundle", "widget.script", "widget.declarations", "widget.part"})
"""What browsers may keep, the same for everybody."""


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)
    g.request_id = _given_id() or str(uuid7())


def let_frame(response: Response, origins: Sequence[str], policy: str) -> Response:
    """The answer under a policy of its own, within pages of these origins and nowhere else. The
    older header could name one at most, and is left out."""
    framing = " ".join(origins) or "'none'"
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {framing}"
    g.framed = bool(origins)
    return response


def _given_id() -> str:
    try:
        return str(UUID(request.headers.get("X-Request-Id", "")))
    except ValueError:
        return ""


def _finish(response: Response) -> Response:
    """Adds what the view has not said itself."""
    said = {name.lower() for name, _value in response.headers}
    for name, value in _answered():
        if name.lower() not in said:
            response.headers.add(name, value)
        elif name == "Vary":  # what the view says of its own is not all
            response.vary.update(VARIES)
    return response


def _answered() -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in ALWAYS if name != FRAMED or not g.get("framed"))
    yield "Content-Security-Policy", POLICY.format(nonce=g.get("csp_nonce", ""))
    yield "X-Request-Id", g.get("request_id", "")
    if request.is_secure:
        yield "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    if request.endpoint not in KEPT:
        yield "Cache-Control", "no-store"
        yield "Vary", ", ".join(VARIES)
