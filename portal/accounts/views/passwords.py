"""The password of the signed-in person."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import ChangePasswordForm
from portal.accounts.identity import the_login
from portal.accounts.models import User
from portal.accounts.service import lockout, passwords, people, sessions
from portal.accounts.service.lockout import Attempt
from portal.accounts.views import views
from portal.accounts.views.waiting import retry_after, too_many
from portal.accounts.wording import PASSWORD_HINT, WEAK
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site


@views.get("/account/password")
@requires(Permission.USE_ACCOUNT)
def password() -> Response:
    return _password_page(ChangePasswordForm(), 200)


@views.post("/account/password", endpoint="change_password")
@limiter.limit("30 per minute")
@requires(Permission.USE_ACCOUNT)
def change_password() -> Response:
    form = ChangePasswordForm()
    if not form.validate():
        return _password_page(form, 422)
    user = people.person(db(), the_actor())
    try:
        prove_again(user, form.current.data)
        passwords.refuse_weak(db(), user, form.password.data)
    except lockout.Locked as locked:
        form.current.errors = [too_many(locked.until)]
        return retry_after(_password_page(form, 429), locked.until)
    except passwords.WrongPassword:
        form.current.errors = [_("This is not your password now.")]
        return _password_page(form, 422)
    except passwords.WeakPassword as weak:
        form.password.errors = [WEAK[weak.weakness]]
        return _password_page(form, 422)
    at = utcnow()
    passwords.change(db(), user, form.password.data, at=at, portal=the_site().builder_id)
    sessions.end_all_of(db(), user.id, at=at, but=the_login())
    flash(_("Your password is changed. Every other browser is signed out."))
    return see_other(url_for("accounts.account"))


def prove_again(user: User, given: str) -> None:
    """Whoever sits at an open browser need not be its owner. Raises Locked or WrongPassword; the
    try is kept whatever comes of it."""
    attempt = Attempt(f"password of {user.id}")
    lockout.count(db(), attempt, at=utcnow())
    db().commit()
    if not passwords.password_fits(user, given):
        raise passwords.WrongPassword
    lockout.forgive(db(), attempt)


def _password_page(form: ChangePasswordForm, status: int) -> Response:
    user = people.person(db(), the_actor())
    return page(
        "accounts/password.html",
        form=form,
        hint=PASSWORD_HINT,
        has_password=bool(user.password_hash),
        status=status,
    )
