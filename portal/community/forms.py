"""Shapes of what is said about restrictions, and of what a company chooses."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from portal.community.service.restrictions import Wish
from portal.community.service.settings import Choice
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

LONGEST: Final = 2000
PERSON, COMPANY = "person", "company"
KEEP, LIFT = "keep", "lift"
_TOO_LONG = _l("Make this shorter: 2,000 characters at most.")
DAYS: Final = {
    "1": _l("One day"),
    "3": _l("Three days"),
    "7": _l("A week"),
    "30": _l("A month"),
    "90": _l("Three months"),
}


def _text(text: str | None) -> str:
    return clean(text or "").strip()


class RestrictionForm(Form):
    whom = StringField(
        _l("Who"), [AnyOf((PERSON, COMPANY), _l("Choose who is meant."))], default=PERSON
    )
    days = StringField(
        _l("For how long"), [AnyOf(tuple(DAYS), _l("Choose for how long."))], default="7"
    )
    reason = TextAreaField(
        _l("Why"),
        [
            DataRequired(_l("Say why: they will read it.")),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
        [_text],
    )

    def wish(self, user_id: UUID, builder_id: UUID | None, at: datetime) -> Wish:
        until = at + timedelta(days=int(self.days.data))
        if self.whom.data == COMPANY and builder_id is not None:
            return Wish(self.reason.data, until, builder_id=builder_id)
        return Wish(self.reason.data, until, user_id=user_id)


class AppealForm(Form):
    text = TextAreaField(
        _l("What should we know?"),
        [
            DataRequired(_l("Write what we should know.")),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
        [_text],
    )


class AnswerForm(Form):
    text = TextAreaField(
        _l("Your answer"),
        [
            DataRequired(_l("Write an answer: they will read it.")),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
        [_text],
    )
    outcome = HiddenField(validators=[AnyOf((KEEP, LIFT), _l("Choose what becomes of it."))])


class SettingsForm(Form):
    version = HiddenField()
    shows_name = BooleanField(_l("Show our name beside what our people write"))
    portal_reads = BooleanField(_l("Let our clients and vendors read the community at our portal"))

    def choice(self) -> Choice:
        version = str(self.version.data or "")
        return Choice(
            self.shows_name.data,
            self.portal_reads.data,
            int(version) if version.isascii() and version.isdigit() else 0,
        )
