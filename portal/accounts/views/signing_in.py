"""Sign-in by password, and sign-out."""

from datetime import datetime

from flask import redirect, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.forms import SignInForm
from portal.accounts.identity import the_login
from portal.accounts.oidc.offers import demanded_instead, sign_on_of
from portal.accounts.service import lockout, signing_in
from portal.accounts.views import views
from portal.accounts.views.entering import claim, greet, home_of
from portal.accounts.views.waiting import retry_after, too_many
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, requires
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site

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
    try:
        claimed = claim(form.email.data)
        user = signing_in.prove(claimed, form.password.data)
        signing_in.accept(db(), claimed, user, form.password.data)
        return greet(user)
    except lockout.Locked as locked:
        return _too_many(form, locked.until)
    except signing_in.SignOnDemanded as demanded:
        form.password.errors = [demanded_instead(demanded.connection)]
        return _sign_in_page(form, 422)
    except signing_in.SignInRefused:
        form.password.errors = [_("The address or the password is not right. Try again.")]
        return _sign_in_page(form, 422)


def _too_many(form: SignInForm, until: datetime) -> Response:
    """The same for an address that nobody has."""
    form.password.errors = [too_many(until)]
    return retry_after(_sign_in_page(form, 429), until)


def _sign_in_page(form: SignInForm, status: int) -> Response:
    demo = current_runtime().settings.demo
    people = queries.everybody(db(), DEMO_ACCOUNTS, the_site().builder_id) if demo else []
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
    signing_in.sign_out(db(), the_login(), at=utcnow())
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), 303)
