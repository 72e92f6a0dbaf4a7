"""What went wrong, as a page for people and as RFC 9457 problem details for programs."""

import errno
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, json, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from portal.core.permissions import Forbidden
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.cookieless import is_cookieless
from portal.foundation.web.formatting import filesize

log = logging.getLogger(__name__)

TEMPLATES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
PASSING = frozenset({429, 500, 503})  # what was written is handed back, to be sent once more
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
RETRY_SECONDS = 5
COLLISIONS = frozenset(
    {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "23505",  # PostgreSQL's unique_violation
        "23503",  # and its foreign_key_violation
    }
)

DETAILS = {
    400: _l("The request could not be understood."),
    401: _l("Sign in first."),
    403: _l("Your role does not allow this."),
    404: _l("There is nothing here, or it is not yours to see."),
    405: _l("This address does not take that kind of request."),
    409: _l("Someone else changed this in the meantime."),
    413: _l("That is more than we can take at once."),
    415: _l("Send JSON, with Content-Type: application/json."),
    422: _l("Some of what you sent is missing or wrong."),
    429: _l("Too many requests in a short time."),
    500: _l("Something broke on our side."),
    503: _l("We are busy for a moment; nothing was lost, try again."),
}


class Problem(HTTPException):
    """An expected failure with its status, words for people and fields for programs."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: list[dict[str, str]] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or None)
        self.code = status
        self.errors = errors or []
        self.extra = extra


class NotFound(Problem):
    """Unknown, or another tenant's: the two can't be told apart."""

    def __init__(self) -> None:
        super().__init__(404)


def wants_json() -> bool:
    """Also the script of a panel within somebody else's page, which words it for people."""
    return request.path.startswith("/api/") or is_cookieless()


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(NoConnection, _no_connection)
    app.register_error_handler(OSError, _disk_full)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(IntegrityError, _same_moment)
    app.register_error_handler(Exception, _unexpected)


def _stale_form(error: CSRFError) -> Response:
    return answer(Problem(400, _("This page was open for too long. Reload it and send again.")))


def _forbidden(error: Forbidden) -> Response:
    return answer(Problem(403))


def _database_busy(error: OperationalError) -> Response:
    log.warning("database: %s", error.orig)
    return _without_database()


def _no_connection(error: NoConnection) -> Response:
    log.warning("database: %s", error)
    return _without_database()


def _disk_full(error: OSError) -> Response:
    """Uploads are first written to the system's own temporary folder."""
    if error.errno not in NO_ROOM:
        return _unexpected(error)
    log.error("disk: %s", error)
    return answer(Problem(503))


def _without_database() -> Response:
    """The page that says so must not ask it once more: who is signed in stays unknown."""
    if (session := g.pop("db", None)) is not None:
        session.close()
    return answer(Problem(503))


def _changed_meanwhile(error: StaleDataError) -> Response:
    return answer(Problem(409))


def _same_moment(error: IntegrityError) -> Response:
    """Two did what only one can, past the question that each had asked before. The second try is
    answered by that question."""
    if not _collides(error):
        return _unexpected(error)
    first, *_values = str(error.orig).splitlines()  # the rest of PostgreSQL's quotes the row
    log.warning("a collision on %s: %s", _place(), first)
    return answer(Problem(503, _("Somebody did the same at this very moment. Send it once more.")))


def _collides(error: IntegrityError) -> bool:
    """With a row of the same key, or with one that has just gone."""
    sqlite, postgres = (
        getattr(error.orig, name, None) or "" for name in ("sqlite_errorname", "sqlstate")
    )
    return sqlite in COLLISIONS or postgres in COLLISIONS


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error on %s", _place())
    return answer(Problem(500))


def _place() -> str:
    """The address, without what is a key to a page."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def answer(error: HTTPException) -> Response:
    if isinstance(error, RequestRedirect):
        return Response(status=308, headers={"Location": error.new_url})
    if (session := g.get("db")) is not None:
        session.rollback()
    status = error.code or 500
    response = _problem(error, status) if wants_json() else _page(error, status)
    for name, value in error.get_headers(request.environ):
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    if status == 503:
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="corbel"'
    return response


def _detail(error: HTTPException, status: int) -> str:
    own = isinstance(error, Problem) and error.description
    if isinstance(error, RequestEntityTooLarge) and not wants_json():
        own = _broken_limit()
    return str(own or DETAILS.get(status, HTTPStatus(status).description))


def _broken_limit() -> str:
    """Files by themselves are refused by their forms, which keep the words."""
    whole, text = request.max_content_length, request.max_form_memory_size
    if whole is not None and (request.content_length is None or request.content_length > whole):
        return str(_("Everything sent at once may be %(size)s at most.", size=filesize(whole)))
    if text is not None:
        return str(_("A text may be %(size)s at most.", size=filesize(text)))
    return ""


def _problem(error: HTTPException, status: int) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _detail(error, status),
        "request_id": g.get("request_id", ""),
    }
    if isinstance(error, Problem):
        body |= error.extra
        if error.errors:
            body["errors"] = error.errors
    return Response(json.dumps(body), status, content_type="application/problem+json")


def _page(error: HTTPException, status: int) -> Response:
    name = status if status in TEMPLATES else (500 if status >= 500 else 400)
    page = render_template(
        f"errors/{name}.html",
        status=status,
        detail=_detail(error, status),
        request_id=g.get("request_id", ""),
        written=_written() if status in PASSING else [],
        back=_back(),
    )
    return Response(page, status, content_type="text/html; charset=utf-8")


def _back() -> str:
    """The page of ours that the request came from, or nothing."""
    came = urlsplit(request.referrer or "")
    ours = came.scheme in {"http", "https"} and came.netloc == request.host
    return came.geturl() if ours else ""


def _written() -> list[tuple[str, str]]:
    """The fields of the form that could not be taken, its own keys included; never a password."""
    try:
        fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    except (HTTPException, OSError):  # it broke off, is too large, or finds no room
        return []
    return [] if any("password" in name for name, _value in fields) else fields
