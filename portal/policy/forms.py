"""Shapes of the policy pages' forms."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.fields import MomentField
from portal.foundation.web.forms import Form
from portal.policy.pack import Pack

NOTE_LONGEST = 500
HOTLINE_LONGEST = 120


class QuestionForm(Form):
    """What the simulator is asked; use `question_form`. It changes nothing and needs no token."""

    class Meta:
        csrf = False

    pack = SelectField(_l("Support model"))
    plan = SelectField(_l("Plan"))
    severity = SelectField(_l("Severity"))
    channel = SelectField(_l("Channel"))
    at = MomentField(_l("When the ticket comes"))
    zone = StringField(_l("Time zone of the customer"), [DataRequired(_l("Enter a time zone."))])

    def validate_zone(self, field: Field) -> None:
        if field.data not in available_timezones():
            raise ValidationError(
                _("There is no such time zone; pick one such as America/Chicago.")
            )


def question_form(
    pack: Pack, packs: Iterable[str], language: str, asked: MultiDict[str, str]
) -> QuestionForm:
    """Names that the pack does not have (another was just chosen) become its own first ones."""
    plan = _known(asked.get("plan", ""), pack.plans)
    known = {
        "pack": pack.key,
        "plan": plan,
        "severity": _known(asked.get("severity", ""), pack.severities, pack.default_severity),
        "channel": _known(asked.get("channel", ""), pack.channels, pack.plans[plan].channels[0]),
        "at": asked.get("at", ""),
        "zone": asked.get("zone", "").strip() or pack.zone,
    }
    form = QuestionForm(formdata=MultiDict(known))
    form.pack.choices = [(key, key) for key in packs]
    form.plan.choices = _named(pack.plans, language)
    form.severity.choices = [
        (key, f"{key} · {one.name.to(language)}") for key, one in pack.severities.items()
    ]
    form.channel.choices = _named(pack.channels, language)
    return form


def _known(asked: str, among: Mapping[str, Any], otherwise: str = "") -> str:
    return asked if asked in among else otherwise or next(iter(among))


def _named(known: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    return [(key, one.name.to(language)) for key, one in known.items()]


def _cleaned(text: str | None) -> str:
    """Without what no database takes: NUL and broken letters."""
    return clean(text or "")


class WindowForm(Form):
    builder = StringField(_l("Customer"), [DataRequired(_l("Choose a customer."))], [_cleaned])
    starts_at = MomentField(_l("From"), [InputRequired(_l("Choose when it starts."))])
    ends_at = MomentField(_l("Until"), [InputRequired(_l("Choose when it ends."))])
    hotline = StringField(
        _l("Hotline"),
        [
            DataRequired(_l("Enter the number or address to reach us.")),
            Length(max=HOTLINE_LONGEST, message=_l("Make this shorter: 120 characters at most.")),
        ],
        [_cleaned],
    )
    note = TextAreaField(
        _l("Note"),
        [Length(max=NOTE_LONGEST, message=_l("Make this shorter: 500 characters at most."))],
        [_cleaned],
    )
