"""Shapes of the forms of a builder's look, hosts and letters."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from wtforms import (
    EmailField,
    Field,
    FileField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.branding.look import MOST_LINKS, PICTURES, Link, Look, Picture
from portal.core.contrast import BadColour, parse
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

TONGUES = [("en", "English"), ("es", "Español")]  # each in its own words
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]+\.[^\s@.]{2,}")
TEXTS = ("name", "welcome_en", "welcome_es", "footer")
CONTACT_TEXTS = ("contact_name", "contact_email", "contact_phone", "contact_hours")


def _tidy(text: str | None) -> str:
    """Without what no database takes, and without blanks around."""
    return clean(text or "").strip()


def _at_most(characters: int) -> Length:
    return Length(max=characters, message=_l("Make this shorter: %(max)d characters at most."))


def _is_address(form: Form, field: Field) -> None:
    if not ADDRESS.fullmatch(field.data or "") or len(field.data) > 254:
        raise ValidationError(_("Enter an e-mail address such as care@acme.example."))


class ColourField(StringField):  # type: ignore[misc]
    """As people write it, kept as "#rrggbb"."""

    def process_formdata(self, values: list[str]) -> None:
        super().process_formdata(values)
        if values:
            try:
                self.data = parse(values[0])
            except BadColour:
                self.data = values[0][:40]

    def pre_validate(self, form: Form) -> None:
        try:
            parse(self.data or "")
        except BadColour:
            raise ValidationError(
                _("Enter a colour as six digits such as #23459b, or choose one.")
            ) from None


class LinkField(StringField):  # type: ignore[misc]
    def pre_validate(self, form: Form) -> None:
        if self.data and not _is_https(self.data):
            raise ValidationError(_("Enter a whole address that begins with https://."))


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not parts.username and not re.search(r"[\s\\]", url)
    return parts.scheme == "https" and "." in (parts.hostname or "") and plain and port_is_one


class BrandForm(Form):
    seen = IntegerField(validators=[InputRequired()])
    name = StringField(_l("Name shown"), [_at_most(80)], [_tidy])
    welcome_en = StringField(_l("Welcome, in English"), [_at_most(160)], [_tidy])
    welcome_es = StringField(_l("Welcome, in Spanish"), [_at_most(160)], [_tidy])
    primary = ColourField(_l("Main colour"))
    accent = ColourField(_l("Second colour"))
    logo = FileField(_l("Logo"))
    logo_dark = FileField(_l("Logo on dark"))
    icon = FileField(_l("Icon"))
    contact_name = StringField(_l("Who answers"), [_at_most(120)], [_tidy])
    contact_email = EmailField(_l("E-mail address"), [Optional(), _is_address], [_tidy])
    contact_phone = TelField(_l("Phone"), [_at_most(40)], [_tidy])
    contact_hours = StringField(_l("Hours"), [_at_most(120)], [_tidy])
    languages = SelectMultipleField(_l("Languages offered"), choices=lambda: TONGUES)
    footer = TextAreaField(_l("Footer"), [_at_most(300)], [_tidy])

    def validate_languages(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Offer one language at least."))

    def validate_contact_phone(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[0-9+()./\- x]{5,40}", field.data):
            raise ValidationError(_("Enter a phone number such as +1 555 0100."))

    def pairs(self) -> list[tuple[Field, Field]]:
        """Label and address of each link below a page."""
        return [(self[f"label_{n}"], self[f"url_{n}"]) for n in range(1, MOST_LINKS + 1)]

    def look(self, pictures: Mapping[str, Picture | None]) -> Look:
        """What was typed, in plain values; `pictures` are those that hold now."""
        return Look(
            **{name: self[name].data or "" for name in (*TEXTS, *CONTACT_TEXTS)},
            primary=self.primary.data,
            accent=self.accent.data,
            languages=tuple(code for code, _name in TONGUES if code in self.languages.data),
            links=tuple(
                Link(label.data or _bare(url.data), url.data)
                for label, url in self.pairs()
                if url.data
            ),
            logo=pictures["logo"],
            logo_dark=pictures["logo_dark"],
            icon=pictures["icon"],
        )

    def written(self, pictures: Mapping[str, Picture | None]) -> Iterator[tuple[str, str]]:
        """All of it as the fields of another form, which sends it once more."""
        for field in self:
            if field.name in PICTURES or field.name in {"seen", "csrf_token"}:
                continue
            values = field.data if isinstance(field.data, list) else [field.data or ""]
            yield from ((field.name, value) for value in values)
        for name, picture in pictures.items():
            yield f"{name}_kept", picture.upload if picture else ""


for _number in range(1, MOST_LINKS + 1):
    setattr(BrandForm, f"label_{_number}", StringField(_l("Label"), [_at_most(60)], [_tidy]))
    setattr(BrandForm, f"url_{_number}", LinkField(_l("Address"), [_at_most(300)], [_tidy]))


def _bare(url: str) -> str:
    return (urlsplit(url).hostname or url)[:60]


def form_of(look: Look, seen: int) -> BrandForm:
    known: dict[str, Any] = {
        name: getattr(look, name)
        for name in (*TEXTS, *CONTACT_TEXTS, "primary", "accent", "languages")
    }
    for number, link in enumerate(look.links[:MOST_LINKS], 1):
        known |= {f"label_{number}": link.label, f"url_{number}": link.url}
    return BrandForm(formdata=None, seen=seen, **known)


class DomainForm(Form):
    host = StringField(
        _l("Your domain"),
        [InputRequired(_l("Enter a domain such as support.acme.com."))],
        [_tidy],
    )


class PrimaryForm(Form):
    host = RadioField(_l("The address that people see"), validate_choice=False)


class SenderForm(Form):
    address = EmailField(
        _l("Sender address"),
        [InputRequired(_l("Enter an e-mail address such as care@acme.example.")), _is_address],
        [_tidy],
    )


class SeenForm(Form):
    """Which version somebody had before their eyes."""

    seen = IntegerField(validators=[InputRequired()])
