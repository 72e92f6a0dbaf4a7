"""Sign-in, sign-out, language and the account page."""

from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal.accounts import queries, service
from portal.accounts.forms import PreferencesForm, SignInForm
from portal.accounts.identity import SignedIn
from portal.accounts.models import Login
from portal.accounts.oidc.offers import demanded_instead, sign_on_of
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import give_session, portal_path, the_site

views = Blueprint("accounts", __name__)

DEMO_ACCOUNTS = 20
DEMO_PASSWORD = "demo"  # noqa: S105  of everybody in the demo, which says so itself


@views.get("/sign-in")
@public("one signs in here")
def sign_in() -> Response:
    if current_user.is_authenticated:
        return see_other(home_of())
    return _sign_in_page(SignInForm(), 200)


@views.post("/sign-in", endpoint="enter")
@limiter.limit("30 per minute; 400 per hour")
@public("one signs in here")
def enter() -> Response:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    known, agent = (form.email.data, form.password.data), request.user_agent.string
    portal = the_site().builder_id
    try:
        login = service.sign_in(db(), *known, at=utcnow(), portal=portal, user_agent=agent)
    except service.SignOnDemanded as demanded:
        form.password.errors = [demanded_instead(demanded.connection)]
        return _sign_in_page(form, 422)
    except service.SignInRefused:
        form.password.errors = [_("The address or the password is not right. Try again.")]
        return _sign_in_page(form, 422)
    return let_in(login)


def let_in(login: Login, target: str = "") -> Response:
    """A session id from before the sign-in is worth nothing after it. `target` is where they
    wanted to go."""
    session.clear()
    signed_in = SignedIn(login.id, service.known_actor_of_login(db(), login.id))
    if not signed_in.actor.belongs_to(the_site().builder_id):
        return _show_to_own_door(signed_in)
    login_user(signed_in)
    session.permanent = True
    return redirect(safe_next(target or request.args.get("next", "")), 303)


def _show_to_own_door(signed_in: SignedIn) -> Response:
    """Clients and vendors who came to the platform: they are signed in at their builder's portal,
    on this host, and nowhere else."""
    slug = signed_in.actor.builder_slug
    answer = redirect(portal_path(slug), 303)
    give_session(answer, slug, {"_user_id": signed_in.id, "_fresh": True, "_permanent": True})
    return answer


def _sign_in_page(form: SignInForm, status: int) -> Response:
    demo = current_runtime().settings.demo
    people = queries.everybody(db(), DEMO_ACCOUNTS) if demo else []
    return page(
        "accounts/sign_in.html",
        form=form,
        people=people,
        password=DEMO_PASSWORD,
        sign_on=sign_on_of(form.email.data or ""),
        status=status,
    )


@views.post("/sign-out")
@requires(Permission.USE_ACCOUNT)
def sign_out() -> Response:
    service.sign_out(db(), UUID(current_user.id))
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), 303)


@views.post("/locale")
@public("a visitor chooses a language too")
def choose_locale() -> Response:
    locale = request.form.get("locale", "")
    if locale in service.LOCALES:
        session["locale"] = locale
        if current_user.is_authenticated:
            service.set_locale(db(), the_actor().user_id, locale)  # type: ignore[arg-type]
    return redirect(safe_next(request.form.get("next", "")), 303)


@views.get("/account")
@requires(Permission.USE_ACCOUNT)
def account() -> Response:
    actor = the_actor()
    return _account_page(PreferencesForm(locale=actor.locale, zone=actor.zone), 200)


@views.post("/account", endpoint="save_account")
@requires(Permission.USE_ACCOUNT)
def save_account() -> Response:
    form = PreferencesForm()
    if form.validate() and form.zone.data not in available_timezones():
        form.zone.errors = [_("There is no such time zone; pick one such as America/Chicago.")]
    if form.errors or form.zone.errors:
        return _account_page(form, 422)
    actor = the_actor()
    service.set_preferences(
        db(),
        actor.user_id,  # type: ignore[arg-type]
        locale=form.locale.data,
        zone=form.zone.data,
    )
    session["locale"] = form.locale.data
    flash(_("Saved."))
    return see_other(url_for("accounts.account"))


def _account_page(form: PreferencesForm, status: int) -> Response:
    zones = sorted(available_timezones())
    return page("accounts/account.html", form=form, zones=zones, status=status)


def safe_next(target: str) -> str:
    r"""A path of this site, else home. `//x`, `\x`, schemes and control characters are refused."""
    inside = target.startswith(the_site().path) and not target.startswith(("//", "/\\"))
    if inside and "\\" not in target and all(" " <= c != "\x7f" for c in target):
        return target
    return home_of()


def home_of() -> str:
    return the_site().path
