"""Who sends this request: a signed-in browser (flask-login) or a program with a token."""

from uuid import UUID

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user

from portal.accounts import service
from portal.core.permissions import Actor
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.access import guard
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.site import the_site


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps in the cookie is the id of the sign-in, not of the person."""

    def __init__(self, login_id: UUID, actor: Actor) -> None:
        self.id = str(login_id)
        self.actor = actor


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the sign-in row is the session
    manager.user_loader(_load)
    app.before_request(_identify)
    app.before_request(guard)


def _load(login_id: str) -> SignedIn | None:
    if "db" not in g:  # an address that is nobody's: no session was opened for it
        return None
    try:
        key = UUID(login_id)
    except ValueError:
        return None
    actor = service.actor_of_login(db(), key)
    if actor is None or not actor.belongs_to(the_site().builder_id):
        return None
    return SignedIn(key, actor)


def _identify() -> None:
    if "db" not in g:
        return
    g.actor = _actor_of_program() if request.path.startswith("/api/") else _actor_of_browser()
    if g.actor is not None:
        see(db(), g.actor.builder_id or PLATFORM)


def _actor_of_browser() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def _actor_of_program() -> Actor | None:
    """API calls never use the cookie, so no page can make them for a person (CSRF)."""
    header = request.headers.get("Authorization", "")
    scheme, _blank, token = header.partition(" ")
    if not header:
        return None
    # tokens are looked up by digest before anybody's reach is known
    see(db(), PLATFORM)
    actor = service.actor_of_token(db(), token.strip()) if scheme.lower() == "bearer" else None
    if actor is None:
        raise Problem(401, _("The token is unknown, revoked or not a Bearer token."))
    return actor
