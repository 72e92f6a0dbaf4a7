"""Shapes of what agents send from their screens."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from portal.core.ticket_states import Verb
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.fields import MomentField
from portal.foundation.web.forms import Form
from portal.tickets.service.conversation import LONGEST

REASON_LONGEST = 500
PRESS_LONGEST = 64
TEMPLATE_FIELD = "field."
"""A template's own fields are named field.<key>, so that none can be taken for one of ours."""

THEN = {
    Verb.REPLY_BY_AGENT: _l("Send"),
    Verb.ASK_CUSTOMER: _l("Send and wait on customer"),
    Verb.RESOLVE: _l("Send and solve"),
}


def cleaned(text: str | None) -> str:
    """Without what no database takes: NUL and broken letters."""
    return clean(text or "")


def _reason() -> StringField:
    too_long = _l("Make this shorter: 500 characters at most.")
    return StringField(_l("Why"), [Length(max=REASON_LONGEST, message=too_long)], [cleaned])


class WritingForm(Form):
    """A reply or a note. `kind` decides whatever the address: a note never leaves the house."""

    kind = StringField(default="reply")
    body = TextAreaField(
        _l("Your words"),
        [Length(max=LONGEST, message=_l("This is longer than we can take. Attach it as a file."))],
        [cleaned],
    )
    template = StringField()
    then = StringField(
        validators=[Optional(), AnyOf([verb.value for verb in THEN], _l("Choose how to send it."))]
    )
    next_update = MomentField(_l("Promise the next update by"))
    seen = HiddenField()
    press = HiddenField(filters=[cleaned], validators=[Length(max=PRESS_LONGEST)])

    @property
    def verb(self) -> Verb:
        return Verb(self.then.data or Verb.REPLY_BY_AGENT)

    @property
    def template_values(self) -> dict[str, str]:
        return template_values(request.form)


def template_values(form: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(TEMPLATE_FIELD): cleaned(value)
        for name, value in form.items()
        if name.startswith(TEMPLATE_FIELD)
    }


class EditForm(Form):
    body = TextAreaField(
        _l("Your words"),
        [
            DataRequired(_l("Write something.")),
            Length(max=LONGEST, message=_l("This is longer than we can take.")),
        ],
        [cleaned],
    )


class HandOverForm(Form):
    agent = StringField(_l("To whom"), [DataRequired(_l("Choose who should take it."))])
    reason = _reason()


class ResolutionForm(Form):
    outcome = TextAreaField(
        _l("What came of it"),
        [
            DataRequired(_l("Write what came of it; the customer reads this.")),
            Length(max=5_000, message=_l("Make this shorter: 5,000 characters at most.")),
        ],
        [cleaned],
    )


class ReasonForm(Form):
    reason = _reason()


class SnoozeForm(Form):
    until = MomentField(_l("Until"), [InputRequired(_l("Choose until when."))])


class ChoiceForm(Form):
    """One value of a severity, category or team; use `choice_form`."""

    value = StringField(validators=[DataRequired(_l("Choose one."))])
    reason = _reason()


def choice_form(known: Mapping[str, Any]) -> ChoiceForm:
    form = ChoiceForm()
    form.value.validators = [AnyOf(list(known), _l("Choose one of the list."))]
    return form
