"""Where to, for whoever has several places to go to: asked at the door, open to change later."""

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.identity import the_login
from portal.accounts.oidc.models import Connection
from portal.accounts.service import people, places, signing_in
from portal.accounts.service.places import Place
from portal.accounts.views import halfway, views
from portal.accounts.views.entering import go_on, greet
from portal.accounts.views.halfway import Step
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import PLATFORM, see
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import is_portal


@views.get("/sign-in/places", endpoint="places")
@public("the last step of signing in")
def at_the_door() -> Response:
    half = halfway.half_in(Step.PLACE)
    if half is None:
        return see_other(url_for("accounts.sign_in"))
    return page("accounts/places.html", places=places.places_of(db(), half.user.id))


@views.post("/sign-in/places", endpoint="enter_place")
@limiter.limit("30 per minute")
@public("the last step of signing in")
def enter_place() -> Response:
    half = halfway.half_in(Step.PLACE)
    if half is None:
        flash(_("That took too long. Start again."), "warn")
        return see_other(url_for("accounts.sign_in"))
    chosen = _chosen(places.places_of(db(), half.user.id))
    if chosen.connection is not None:
        return _through(chosen.connection, half.target)
    if half.strong:
        return go_on(half.user, half.target, strong=True, wanted_as=chosen.membership.id)
    return greet(half.user, half.target, membership=chosen.membership)


@views.get("/account/places")
@requires(Permission.USE_ACCOUNT)
def elsewhere() -> Response:
    return page("accounts/elsewhere.html", places=_elsewhere())


@views.post("/account/places", endpoint="switch")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def switch() -> Response:
    """As signing out and in again, but for what was proven by a password or a letter. A code is
    asked for anew: behind the other door may be more than behind this one."""
    chosen = _chosen(_elsewhere())
    see(db(), PLATFORM)  # as whoever signs in, nobody yet
    user = people.person(db(), the_actor())
    signing_in.sign_out(db(), the_login(), at=utcnow())
    if chosen.connection is not None:
        return _through(chosen.connection, "")
    return greet(user, membership=chosen.membership)


def _elsewhere() -> list[Place]:
    if is_portal():
        raise NotFound
    return places.elsewhere(db(), the_actor(), the_login())


def _chosen(offered: Sequence[Place]) -> Place:
    """Raises NotFound for what was not offered."""
    try:
        key = UUID(request.form.get("membership", ""))
    except ValueError:
        raise NotFound from None
    for place in offered:
        if place.membership.id == key:
            return place
    raise NotFound


def _through(connection: Connection, target: str) -> Response:
    """Where the company insists on its provider, only that lets them in."""
    session.clear()
    return redirect(url_for("sso.start", connection=connection.id, next=target or None), 303)
