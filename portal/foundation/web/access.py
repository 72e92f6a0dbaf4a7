"""Every route names its permission or says why it is public; one commit at the edge.

`requires` and `public` mark a view; `guard` runs before each request and refuses a view
without a mark. A view that ends well (status below 400) is committed once, everything else
is rolled back: state and event together or not at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from flask import Response, current_app, g, make_response, redirect, request, url_for
from flask.sansio.app import App
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from portal.core.permissions import Actor, Permission, Scope
from portal.foundation.speech import gettext as _
from portal.foundation.web.cookieless import is_cookieless
from portal.foundation.web.errors import Problem

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[..., Any]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WIDENED = "corbel.widened"


def requires(permission: Permission, *, scope: Scope | None = None) -> Callable[[View], View]:
    """`scope` is what a token must have been given, of an operation of the API."""

    def mark(view: View) -> View:
        wrapped = _committing(view)
        wrapped.permission = permission  # type: ignore[attr-defined]
        wrapped.scope = scope  # type: ignore[attr-defined]
        return wrapped

    return mark


def public(reason: str) -> Callable[[View], View]:
    """A view for anyone. `reason` is read by people and by the convention test."""

    def mark(view: View) -> View:
        wrapped = _committing(view)
        wrapped.public_because = reason  # type: ignore[attr-defined]
        return wrapped

    return mark


def _committing(view: View) -> View:
    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> BaseResponse:
        response = make_response(view(*args, **kwargs))
        session: Session | None = g.get("db")
        if session is None:
            return response
        if response.status_code < 400 and may_write():
            session.commit()
            after_commit(response)
        else:
            session.rollback()
        return response

    return wrapped


def may_write() -> bool:
    """GET only reads, but where a browser comes back from elsewhere (`database.begin_writing`)."""
    return request.method not in SAFE_METHODS or bool(g.get("writes"))


def after_commit(response: Response) -> None:
    for call in g.pop("after_commit", []):
        call(response)


def widen_in(app: App, blueprint: str, widened: Callable[[Actor], Actor]) -> None:
    """In this part of the site people may do what they have earned there as well."""
    app.extensions.setdefault(_WIDENED, {})[blueprint] = widened


def guard() -> BaseResponse | None:
    """The before-request check: known route, signed in where needed, permission granted."""
    _widen()
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or hasattr(view, "public_because"):
        return None
    permission: Permission | None = getattr(view, "permission", None)
    if permission is None:
        raise RuntimeError(f"{request.endpoint} names no permission: use @requires or @public")
    actor: Actor | None = g.get("actor")
    if actor is None:
        return _ask_to_sign_in()
    if not actor.may(permission):
        raise Problem(403)
    _refuse_beyond_scope(getattr(view, "scope", None))
    return None


def _widen() -> None:
    actor: Actor | None = g.get("actor")
    widened = current_app.extensions.get(_WIDENED, {}).get(request.blueprint)
    if actor is not None and widened is not None:
        g.actor = widened(actor)


def _refuse_beyond_scope(scope: Scope | None) -> None:
    """A token may do less than its person; one that names none may do nothing."""
    if not request.path.startswith("/api/"):
        return
    given: frozenset[Scope] = g.get("scopes", frozenset())
    if scope is None or scope not in given:
        detail = _("The token lacks the scope %(scope)s.", scope=scope or "")
        raise Problem(403, detail, missing_scope=scope or "")


def _ask_to_sign_in() -> BaseResponse:
    if request.path.startswith("/api/") or is_cookieless():
        raise Problem(401, _("Send a token: Authorization: Bearer <token>"))
    back = request.script_root + (request.full_path.rstrip("?") if request.method == "GET" else "/")
    target = f"{url_for('accounts.sign_in')}?next={quote(back, safe='')}"
    if request.headers.get("HX-Request"):
        response = Response(status=204)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target)


def the_actor() -> Actor:
    """Who is signed in; only for views behind `requires`."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Problem(401)
    return actor
