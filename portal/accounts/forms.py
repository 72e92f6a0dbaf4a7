"""Shapes of the account forms."""

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

ADDRESS = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
LANGUAGES = [("en", "English"), ("es", "Español")]  # each in its own words


class SignInForm(Form):
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Enter your e-mail address.")), Length(max=320)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Enter your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class AddressForm(Form):
    """Where a link is sent to."""

    email = EmailField(
        _l("E-mail address"),
        [
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=320),
            Regexp(ADDRESS, message=_l("Enter an address such as name@example.com.")),
        ],
        render_kw={"autocomplete": "email", "autofocus": True},
    )


class NewPasswordForm(Form):
    """One field: what is typed can be looked at, and a second typing teaches nothing."""

    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Enter a new password."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        _l("Your password now"),
        [DataRequired(_l("Enter your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(Form):
    code = StringField(
        _l("Code"),
        [DataRequired(_l("Enter the code.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code"},
    )


class PreferencesForm(Form):
    locale = SelectField(_l("Language"), choices=lambda: LANGUAGES)
    zone = StringField(
        _l("Time zone"),
        [DataRequired(_l("Enter a time zone such as America/Chicago.")), Length(max=60)],
    )
