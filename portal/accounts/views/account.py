"""Language and the account page."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import PreferencesForm
from portal.accounts.service import preferences
from portal.accounts.views import views
from portal.accounts.views.entering import safe_next
from portal.core.permissions import Permission
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public, requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@views.post("/locale")
@public("a visitor chooses a language too")
def choose_locale() -> Response:
    locale = request.form.get("locale", "")
    if locale in preferences.LOCALES:
        session["locale"] = locale
        if current_user.is_authenticated:
            preferences.set_locale(db(), the_actor().user_id, locale)  # type: ignore[arg-type]
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
    preferences.set_preferences(
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
    return page(
        "accounts/account.html", form=form, zones=zones, links=list(_links()), status=status
    )


@dataclass(frozen=True, slots=True)
class Way:
    """To another page of the account."""

    href: str
    label: str
    what: str


def _links() -> Iterator[Way]:
    yield Way(
        url_for("notification_preferences.preferences"),
        _("Notifications"),
        _("Choose what you are told, and how"),
    )
    yield Way(url_for("accounts.password"), _("Password"), _("Change your password"))
    yield Way(
        url_for("accounts.two_factor"),
        _("Second step at sign-in"),
        _("A code from an app on your telephone, besides your password"),
    )
    if the_actor().may(Permission.USE_TOKENS):
        yield Way(
            url_for("accounts.tokens"), _("Tokens"), _("Let programs use the API in your name")
        )
    yield Way(
        url_for("accounts.sessions"), _("Browsers"), _("See where you are signed in, and end it")
    )
    yield Way(
        url_for("own_data.own"),
        _("Your data"),
        _("Take along what is known of you, or ask to be forgotten"),
    )
