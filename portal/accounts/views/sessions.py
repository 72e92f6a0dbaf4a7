"""Where the signed-in person is signed in, and the end of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.identity import the_login
from portal.accounts.models import Login
from portal.accounts.service import people
from portal.accounts.service import sessions as service
from portal.accounts.views import views
from portal.core.browsers import browser_of
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    words: str
    network: str
    since: datetime
    seen_at: datetime
    here: bool


@views.get("/account/sessions")
@requires(Permission.USE_ACCOUNT)
def sessions() -> Response:
    return page("accounts/sessions.html", entries=list(_entries()))


def _entries() -> Iterator[Entry]:
    """This one first."""
    here = the_login()
    logins = queries.logins_of(db(), people.person(db(), the_actor()).id)
    for login in sorted(logins, key=lambda login: login.id != here):
        seen_at = utcnow() if login.id == here else login.last_seen_at or login.created_at
        yield Entry(
            login.id, _words(login), login.network, login.created_at, seen_at, login.id == here
        )


def _words(login: Login) -> str:
    found = browser_of(login.user_agent)
    if found.name and found.system:
        return _("%(browser)s on %(system)s", browser=found.name, system=found.system)
    return found.name or found.system or _("Unknown browser")


@views.post("/account/sessions/<uuid:key>/revocation", endpoint="revoke_session")
@requires(Permission.USE_ACCOUNT)
def revoke_session(key: UUID) -> Response:
    login = queries.login_of(db(), people.person(db(), the_actor()).id, key)
    if login is None:
        raise NotFound
    service.end(db(), [login.id], at=utcnow())
    flash(_("That browser is signed out."))
    return see_other(url_for("accounts.sessions"))


@views.post("/account/sessions/revocation", endpoint="revoke_other_sessions")
@requires(Permission.USE_ACCOUNT)
def revoke_other_sessions() -> Response:
    user = people.person(db(), the_actor())
    ended = service.end_all_of(db(), user.id, at=utcnow(), but=the_login())
    flash(
        ngettext("%(num)s browser is signed out.", "%(num)s browsers are signed out.", ended)
        if ended
        else _("You are signed in nowhere else.")
    )
    return see_other(url_for("accounts.sessions"))
