"""Shapes of the account forms."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional, Regexp

from portal.accounts.roles import ROLES
from portal.accounts.service.widget_settings import MOST, Where
from portal.accounts.widget_words import ORIGINS
from portal.core.origins import BadOrigin, normalised
from portal.core.permissions import Actor, Role, Scope
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

ADDRESS = r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$"
TIERS = [("1", "1"), ("2", "2"), ("3", "3")]
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


class WelcomeForm(NewPasswordForm):
    """Of somebody new."""

    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Enter your name.")), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )


class JoinForm(Form):
    """Of somebody who has an account."""

    password = PasswordField(
        _l("The password of your account"),
        [DataRequired(_l("Enter your password.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class RoleForm(Form):
    """What somebody is; the rest counts for agents alone."""

    role = SelectField(_l("Role"), validate_choice=False, default="")
    tier = SelectField(
        _l("Tier"),
        choices=lambda: TIERS,
        default="1",
        validators=[Optional()],
    )
    specialties = StringField(_l("Specialities"), [Length(max=300)])
    languages = SelectMultipleField(_l("Languages"), choices=lambda: LANGUAGES, default=["en"])

    def offer(self, roles: Sequence[Role], by: Actor) -> None:
        """Only what the actor may give, and duties only among staff."""
        first = [] if self.role.data else [("", _l("Choose a role"))]
        self.role.choices = [*first, *((role.value, ROLES[role]) for role in roles)]
        self.has_duties = by.is_staff


class InvitationForm(RoleForm):
    email = EmailField(
        _l("E-mail address"),
        [
            DataRequired(_l("Enter the address of whom you invite.")),
            Length(max=320),
            Regexp(ADDRESS, message=_l("Enter an address such as name@example.com.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    locale = SelectField(_l("Language of the letter"), choices=lambda: LANGUAGES, default="en")


class TokenForm(Form):
    name = StringField(
        _l("What it is for"), [DataRequired(_l("Say what it is for.")), Length(max=80)]
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [DataRequired(_l("Choose at least one."))],
        choices=lambda: [(scope.value, scope.value) for scope in Scope],
        default=[Scope.READ_TICKETS.value],
    )
    days = SelectField(
        _l("Works for"),
        choices=lambda: [
            ("30", _l("30 days")),
            ("90", _l("90 days")),
            ("365", _l("A year")),
            ("0", _l("Until you revoke it")),
        ],
        default="90",
    )


class OverlapForm(Form):
    overlap = SelectField(
        _l("The key that counts now goes on for"),
        choices=lambda: [
            ("86400", _l("a day")),
            ("604800", _l("a week")),
            ("3600", _l("an hour")),
            ("0", _l("not a moment longer")),
        ],
        default="86400",
    )


def duties_of(form: RoleForm) -> dict[str, Any]:
    """What an agent takes; nothing for others."""
    if form.role.data != Role.AGENT:
        return {}
    words = (word.strip().lower() for word in (form.specialties.data or "").split(","))
    return {
        "tier": int(form.tier.data or 1),
        "specialties": [word for word in words if word],
        "languages": list(form.languages.data or ["en"]),
    }


class WidgetForm(Form):
    """`settings` is what it says, once it is valid."""

    origins = TextAreaField(_l("Addresses of your pages"), default="")
    guests_allowed = BooleanField(_l("Help guests, too"))
    version = HiddenField(default="0")

    def validate_origins(self, field: Field) -> None:
        found, lines = [], (field.data or "").split()
        for line in lines or [""]:
            try:
                found.append(normalised(line))
            except BadOrigin as bad:
                why = ORIGINS[bad.reason]
                raise ValidationError(f"{line[:100]}: {why}" if line else str(why)) from None
        if len(found) > MOST:
            raise ValidationError(str(ORIGINS["many"]))
        self.known = tuple(dict.fromkeys(found))

    @property
    def settings(self) -> Where:
        version = self.version.data or ""
        known = version.isascii() and version.isdecimal() and len(version) < 10
        return Where(self.known, bool(self.guests_allowed.data), int(version) if known else 0)


class TokenTrialForm(Form):
    token = TextAreaField(_l("A token that your server has just signed"))


class PreferencesForm(Form):
    locale = SelectField(_l("Language"), choices=lambda: LANGUAGES)
    zone = StringField(
        _l("Time zone"),
        [DataRequired(_l("Enter a time zone such as America/Chicago.")), Length(max=60)],
    )
