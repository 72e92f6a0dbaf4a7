"""Who sends this request: a signed-in browser (flask-login) or a program with a token.

That they were here is written once in a few minutes, when the answer is on its way: no page waits
for it, and none that only shows something writes.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Flask, g, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.service import actors, sessions, tokens, widget_sessions
from portal.accounts.service.actors import Presence
from portal.accounts.service.widget_sessions import Sitting
from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.access import guard
from portal.foundation.web.afterwards import note_once_answered
from portal.foundation.web.cookieless import is_cookieless
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.fragments import see_other
from portal.foundation.web.site import stand_at, the_site

BEFORE_THE_CODE = frozenset(
    {
        "accounts.two_factor",
        "accounts.begin_two_factor",
        "accounts.confirm_two_factor",
        "accounts.prove_two_factor",
        "accounts.sign_out",
        "accounts.choose_locale",
        "assets.bundle",
        "static",
    }
)
"""What opens for staff who owe a second factor."""
Note = Callable[[sessionmaker[Session], UUID, datetime], None]


class SignedIn(UserMixin):  # type: ignore[misc]
    """What flask-login keeps in the cookie is the id of the sign-in, not of the person."""

    def __init__(self, presence: Presence) -> None:
        self.id = str(presence.login_id)
        self.presence = presence
        self.actor = presence.actor


def init_app(app: Flask) -> None:
    manager = LoginManager(app, add_context_processor=False)  # templates are told of the actor
    manager.session_protection = None  # the sign-in row is the session
    manager.user_loader(_load)
    app.before_request(_identify)
    app.before_request(guard)
    app.before_request(_demand_second_factor)


def _load(login_id: str) -> SignedIn | None:
    if "db" not in g:  # an address that is nobody's: no session was opened for it
        return None
    try:
        key = UUID(login_id)
    except ValueError:
        return None
    presence = actors.presence(db(), key)
    if presence is None or not presence.actor.belongs_to(the_site().builder_id):
        return None
    return SignedIn(presence)


def _identify() -> None:
    if "db" not in g:
        return
    g.actor = _actor()
    if g.actor is not None:
        see(db(), g.actor.builder_id or PLATFORM)


def _actor() -> Actor | None:
    if is_cookieless():
        return _actor_of_panel()
    return _actor_of_program() if request.path.startswith("/api/") else _actor_of_browser()


def _actor_of_browser() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    presence: Presence = current_user.presence
    if utcnow() - presence.seen_at >= sessions.NOTED_EVERY:
        _note(sessions.note, presence.login_id)
    return presence.actor


def _note(note: Note, key: UUID) -> None:
    writers, at = current_runtime().writers, utcnow()
    note_once_answered(lambda: note(writers, key, at))


def second_factor_due(actor: Actor) -> bool:
    """Whether somebody must give a code to get anywhere."""
    return actor.is_staff and current_runtime().settings.staff_totp


def is_strong() -> bool:
    """Whether a code was given in this browser."""
    presence: Presence = current_user.presence
    return presence.strong


def could_go_elsewhere() -> bool:
    """Whether somebody is signed in who has another place to go to."""
    if not current_user.is_authenticated:
        return False
    presence: Presence = current_user.presence
    return presence.elsewhere


def _demand_second_factor() -> BaseResponse | None:
    actor: Actor | None = g.get("actor")
    free = request.endpoint in BEFORE_THE_CODE or "sitting" in g or request.path.startswith("/api/")
    if actor is None or free or not second_factor_due(actor) or is_strong():
        return None
    return see_other(url_for("accounts.two_factor"))


def the_login() -> UUID:
    """Of the signed-in browser; only for views behind `requires`."""
    presence: Presence = current_user.presence
    return presence.login_id


def still_signed_in() -> Callable[[], bool]:
    """Asks, after the request as well, whether this browser is still whose it was, as what they
    were. Where that can't be found out, it is not."""
    readers, presence = current_runtime().readers, current_user.presence

    def ask() -> bool:
        try:
            with readers() as session:
                now = actors.actor_of_login(session, presence.login_id)
        except SQLAlchemyError:
            return False
        return bool(now == presence.actor)

    return ask


def _actor_of_program() -> Actor | None:
    """API calls never use the cookie, so no page can make them for a person (CSRF)."""
    token = _bearer()
    if token is None:
        return None
    if token.startswith(widget_sessions.PREFIX):
        return _actor_before_panel(token)
    # tokens are looked up by digest before anybody's reach is known
    see(db(), PLATFORM)
    at = utcnow()
    found = actors.caller(db(), token, at=at)
    if found is None:
        raise _unknown_token()
    g.scopes = found.scopes
    if found.used_at is None or at - found.used_at >= tokens.NOTED_EVERY:
        _note(tokens.note, found.token_id)
    return found.actor


def _actor_of_panel() -> Actor | None:
    """Panels are closed by themselves; the page that answers nobody says what to do then."""
    token = _bearer()
    return None if token is None else _actor_before_panel(token)


def _actor_before_panel(token: str) -> Actor:
    """Loaded from the platform or from their builder's own host, whoever sits there is served where
    they belong."""
    see(db(), PLATFORM)
    found = widget_sessions.sitting(db(), token, at=utcnow())
    if found is None or the_site().slug not in ("", found.actor.builder_slug):
        raise _unknown_token()
    g.scopes = found.scopes
    take_seat(found)
    return found.actor


def take_seat(sitting: Sitting) -> None:
    """From here on the request is that of whoever sits before the panel."""
    actor = sitting.actor
    g.sitting, g.actor, g.visitor = sitting, actor, sitting.visitor
    at_portal = actor.is_portal_user or actor.role is Role.GUEST
    stand_at(actor.builder_slug if at_portal else "")


def the_sitting() -> Sitting:
    """Of the panel that asks; only for its views behind `requires`."""
    found: Sitting | None = g.get("sitting")
    if found is None:
        raise Problem(401)
    return found


def _bearer() -> str | None:
    """None where nothing was sent. Raises Problem for what is no such token."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _blank, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise _unknown_token()
    return token.strip()


def _unknown_token() -> Problem:
    return Problem(401, _("The token is unknown, revoked, expired or not a Bearer token."))
