"""Signing in with an identity provider: there, back again, and out."""

import logging
from uuid import UUID

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.models import Login
from portal.accounts.oidc import attempts, client, queries
from portal.accounts.oidc.attempts import Kept
from portal.accounts.oidc.models import Connection
from portal.accounts.oidc.offers import sign_on_of
from portal.accounts.oidc.provider import Profile, Provider, ProviderTrouble
from portal.accounts.oidc.service import admission, connections, leaving
from portal.accounts.oidc.service.admission import AdmissionRefused, Arrival
from portal.accounts.oidc.wording import TO_PEOPLE
from portal.accounts.views.entering import home_of, let_in, network
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.sealing import Unreadable
from portal.foundation.tenancy import PLATFORM, see, seeing
from portal.foundation.web.access import public
from portal.foundation.web.database import begin_writing, db, let_go
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import is_htmx, page
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site

log = logging.getLogger(__name__)

views = Blueprint("sso", __name__)
RATE = "120 per minute; 2000 per hour"  # a whole office may come from one address


class ComesToNothing(Exception):
    """`reason` is one of `wording.TO_PEOPLE`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


@views.get("/sign-in/sso")
@public("one signs in here")
def choose() -> Response:
    return _choices("")


@views.post("/sign-in/sso", endpoint="offer")
@limiter.limit(RATE)
@public("one signs in here")
def offer() -> Response:
    """What is offered depends on the domain alone, never on whether somebody has the address."""
    return _choices(request.form.get("email", "")[:320])


def _choices(email: str) -> Response:
    return page(
        "accounts/sso.html",
        blocks=("choices",),
        sign_on=sign_on_of(email),
        email=email,
        quiet=is_htmx(),  # beside the password, where nothing need be said of what is not there
    )


@views.get("/sign-in/sso/<uuid:connection>")
@limiter.limit(RATE)
@public("one signs in here")
def start(connection: UUID) -> Response:
    found = _connection(connection)
    name = found.name
    if current_user.is_authenticated:
        return redirect(home_of(), 303)
    try:
        return redirect(_begun(found), 303)
    except (ProviderTrouble, ComesToNothing) as trouble:
        return _refused(connection, name, trouble, request.args.get("next", ""))


def _begun(connection: Connection) -> str:
    """The address at the provider."""
    key, provider, at = connection.id, _provider(connection), utcnow()
    let_go()
    attempt = attempts.begin(_redirect_uri(key))
    where = client.where_to(provider, client.discover(provider, at=at), attempt)
    attempts.keep(session, Kept(key, attempt, request.args.get("next", "")), at=at)
    return where


@views.get("/sign-in/sso/<uuid:connection>/callback")
@limiter.limit(RATE)
@public("one comes back from the provider, and is signed in here")
def callback(connection: UUID) -> Response:
    found = _connection(connection)
    name, target = found.name, ""
    try:
        kept = _kept(connection)
        target = kept.target
        _refuse_error()
        profile = _profile(_provider(found), kept)
        login = _admitted(connection, profile, kept)
    except (ProviderTrouble, AdmissionRefused, ComesToNothing) as trouble:
        return _refused(connection, name, trouble, target)
    return let_in(login, target)


def _kept(connection: UUID) -> Kept:
    kept = attempts.take(session, request.args.get("state", ""), at=utcnow())
    if kept is None or (kept.connection_id, kept.attempt.redirect_uri) != (
        connection,
        _redirect_uri(connection),
    ):
        raise ComesToNothing("state")
    return kept


def _refuse_error() -> None:
    """Which the provider may send in place of a code."""
    if error := request.args.get("error", ""):
        known = client.CODE.fullmatch(error)
        detail = f"the provider said {error if known else 'something unreadable'}"
        raise ComesToNothing("denied" if error == "access_denied" else "error", detail)


def _profile(provider: Provider, kept: Kept) -> Profile:
    """Who it is, as the provider says."""
    let_go()
    at = utcnow()
    found = client.discover(provider, at=at)
    named = request.args.get("iss")
    if named != found.issuer and (named is not None or found.names_itself):
        raise ComesToNothing("untrusted", "the answer is another provider's")
    return client.redeem(provider, found, kept.attempt, request.args.get("code", ""), at=at)


def _admitted(connection: UUID, profile: Profile, kept: Kept) -> Login:
    portal, at = the_site().builder_id, utcnow()
    see(begin_writing(), portal or PLATFORM)
    found = queries.open_connection(db(), connection, portal)
    if found is None:
        raise AdmissionRefused("off")
    try:
        admission.spend(db(), f"state {kept.attempt.state}", at=at)
        arrival = Arrival(profile, portal, request.user_agent.string, network())
        return admission.admit(db(), found, arrival, at=at)
    except AdmissionRefused:
        db().rollback()
        raise


@views.post("/sign-in/sso/<uuid:connection>/logout")
@limiter.limit("600 per minute")
@public("a provider tells us that somebody left; its signature says that it is the provider")
def logout(connection: UUID) -> Response:
    """OpenID Connect Back-Channel Logout 1.0, section 2.8: 200, or 400."""
    found = _connection(connection)
    try:
        ended = _ended(found, request.form.get("logout_token", ""))
    except (ProviderTrouble, AdmissionRefused, ComesToNothing) as trouble:
        _note(connection, trouble)
        return Response("", 400)
    log.info("single sign-on %s: the provider ended %d sessions", connection, ended)
    return Response("", 200)


def _ended(connection: Connection, token: str) -> int:
    key, provider, at = connection.id, _provider(connection), utcnow()
    let_go()
    claims = client.leaving(provider, client.discover(provider, at=at), token, at=at)
    portal = the_site().builder_id
    see(db(), portal or PLATFORM)
    found = queries.open_connection(db(), key, portal)
    if found is None:
        raise AdmissionRefused("off")
    return leaving.end_sessions(db(), found, claims, at=at)


def _connection(key: UUID) -> Connection:
    """Of this site and enabled; any other is unknown."""
    portal = the_site().builder_id
    with seeing(db(), PLATFORM):
        found = queries.open_connection(db(), key, portal)
    if found is None:
        raise NotFound
    return found


def _provider(connection: Connection) -> Provider:
    try:
        return connections.provider_of(connection, safe())
    except Unreadable as error:
        raise ComesToNothing("sealed", str(error)) from error


def safe() -> connections.Safe:
    running = current_runtime()
    return connections.Safe(running.sealing_key, running.settings.on_loopback)


def _redirect_uri(connection: UUID) -> str:
    """Within this site, wherever that is."""
    return the_site().root + callback_path(connection)


def callback_path(connection: UUID) -> str:
    """Below the root of a site."""
    return url_for("sso.callback", connection=connection).removeprefix(request.script_root)


def _refused(connection: UUID, name: str, trouble: Exception, target: str) -> Response:
    _note(connection, trouble)
    reason = getattr(trouble, "reason", "error")
    flash(str(TO_PEOPLE.get(reason, TO_PEOPLE["error"])) % {"name": name}, "bad")
    return redirect(url_for("accounts.sign_in", next=target or None), 303)


def _note(connection: UUID, trouble: Exception) -> None:
    """For who looks into it; neither codes nor tokens."""
    reason = getattr(trouble, "reason", "error")
    log.warning("single sign-on %s came to nothing: %s (%s)", connection, reason, trouble)
