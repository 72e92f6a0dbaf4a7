"""Shapes of what a builder's team sends from its own desk."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from portal.core.ticket_states import Verb
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.tickets.forms.desk import PRESS_LONGEST, cleaned
from portal.tickets.service import canned, passing
from portal.tickets.service.conversation import LONGEST
from portal.tickets.service.filing import SUBJECT_LONGEST

THEN = {
    Verb.REPLY_BY_AGENT: _l("Send"),
    Verb.ASK_CUSTOMER: _l("Send and wait for their answer"),
    Verb.RESOLVE: _l("Send and settle"),
}
IMPACTS = {
    "one": _l("One of our clients or vendors"),
    "some": _l("Several of them"),
    "all": _l("All of them, or our own office too"),
}


class WritingForm(Form):
    """A reply or a note: what its writer called a note never leaves the house."""

    kind = StringField(default="reply")
    body = TextAreaField(
        _l("Your words"),
        [Length(max=LONGEST, message=_l("This is longer than we can take. Attach it as a file."))],
        [cleaned],
    )
    then = SelectField(
        _l("And then"),
        [Optional(), AnyOf([verb.value for verb in THEN], _l("Choose how to send it."))],
        choices=lambda: [(verb.value, words) for verb, words in THEN.items()],
        validate_choice=False,
    )
    press = HiddenField(filters=[cleaned], validators=[Length(max=PRESS_LONGEST)])

    @property
    def verb(self) -> Verb:
        return Verb(self.then.data or Verb.REPLY_BY_AGENT)

    @property
    def is_note(self) -> bool:
        return bool(self.kind.data != "reply")


class PassingForm(Form):
    """Use `passing_form`: what can be chosen is the platform's."""

    subject = StringField(
        _l("Title for the platform"),
        [
            DataRequired(_l("Say in a few words what it is about.")),
            Length(max=SUBJECT_LONGEST, message=_l("Make this shorter: 300 characters at most.")),
        ],
        [cleaned],
    )
    note = TextAreaField(
        _l("What you add"),
        [
            Length(
                max=passing.NOTE_LONGEST,
                message=_l("Make this shorter: 5,000 characters at most."),
            )
        ],
        [cleaned],
    )
    severity = RadioField(_l("How bad is it?"), validate_choice=False)
    category = SelectField(_l("What is it about?"), validate_choice=False)
    impact = RadioField(
        _l("Whom does it hit?"),
        [AnyOf(list(IMPACTS), _l("Choose whom it hits."))],
        choices=lambda: list(IMPACTS.items()),
        validate_choice=False,
    )
    tells_progress = BooleanField(
        _l("Tell them by itself when it is being worked on and when it is mended")
    )
    press = HiddenField(filters=[cleaned], validators=[Length(max=PRESS_LONGEST)])


def passing_form(
    severities: Mapping[str, Any], categories: Mapping[str, Any], begun: Mapping[str, Any]
) -> PassingForm:
    form = PassingForm(data=begun)
    form.severity.validators = [AnyOf(list(severities), _l("Choose how bad it is."))]
    form.category.validators = [AnyOf(list(categories), _l("Choose what it is about."))]
    return form


class WhyForm(Form):
    """A reason that the other side reads."""

    why = TextAreaField(
        _l("Why"),
        [
            DataRequired(_l("Say why; the other side reads it.")),
            Length(
                max=passing.WHY_LONGEST, message=_l("Make this shorter: 1,000 characters at most.")
            ),
        ],
        [cleaned],
    )


class CannedForm(Form):
    title = StringField(
        _l("Title"),
        [
            DataRequired(_l("Give it a title by which you find it again.")),
            Length(
                max=canned.TITLE_LONGEST, message=_l("Make this shorter: 80 characters at most.")
            ),
        ],
        [cleaned],
    )
    body = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Write the text.")),
            Length(
                max=canned.BODY_LONGEST,
                message=_l("Make this shorter: 10,000 characters at most."),
            ),
        ],
        [cleaned],
    )
