"""The shape of a ticket that becomes an idea, or joins one."""

from typing import Final

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional

from portal.core.ticket_states import Verb
from portal.foundation.numbers import HIGHEST
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.ideas.models import TITLE_LONGEST
from portal.ideas.service.submitting import WORDS_LONGEST, Words
from portal.tickets.forms.desk import PRESS_LONGEST, THEN, cleaned

REASON_LONGEST: Final = 1_000  # as that of a vote
TELLING_LONGEST: Final = 5_000


class WishForm(Form):
    """`into` is the number of an idea that is there already, or nothing for a new one; `looked`
    says that what looks private may stay."""

    into = StringField(_l("Is it one of these?"), filters=[cleaned])
    other = IntegerField(
        _l("Another idea’s number"),
        [Optional(), NumberRange(1, HIGHEST, _l("There is no such idea."))],
    )
    title = StringField(
        _l("Title"),
        [Length(max=TITLE_LONGEST, message=_l("Make this shorter: 300 characters at most."))],
        [cleaned],
    )
    body = TextAreaField(
        _l("What should be possible?"),
        [Length(max=WORDS_LONGEST, message=_l("Make this shorter: 20,000 characters at most."))],
        [cleaned],
    )
    use_case = TextAreaField(
        _l("What would they do with it?"),
        [Length(max=WORDS_LONGEST, message=_l("Make this shorter: 20,000 characters at most."))],
        [cleaned],
    )
    category = SelectField(_l("Part of the product"))
    reason = TextAreaField(
        _l("Why do they need it?"),
        [Length(max=REASON_LONGEST, message=_l("Make this shorter: 1,000 characters at most."))],
        [cleaned],
    )
    telling = TextAreaField(
        _l("What they read"),
        [
            DataRequired(_l("Tell them what you did with their wish.")),
            Length(max=TELLING_LONGEST, message=_l("Make this shorter: 5,000 characters at most.")),
        ],
        [cleaned],
    )
    then = SelectField(
        _l("And then"),
        [AnyOf([verb.value for verb in THEN])],
        choices=[SelectChoice(verb.value, said) for verb, said in THEN.items()],
    )
    looked = HiddenField(filters=[cleaned])
    press = HiddenField(filters=[cleaned], validators=[Length(max=PRESS_LONGEST)])

    def validate(self, extra_validators: object = None) -> bool:
        """A new idea needs its words; one that is there has them."""
        ok: bool = super().validate(extra_validators)
        if self.chosen:
            return ok
        for field, said in ((self.title, _l("Give the idea a title.")), (self.body, _SAY)):
            if not (field.data or "").strip():
                field.errors = [*field.errors, said]
                ok = False
        return ok

    @property
    def chosen(self) -> int:
        """The number of the idea that it joins; 0 where it is a new one."""
        listed = str(self.into.data or "")
        return int(self.other.data or (listed if listed.isdecimal() else 0))

    def words(self) -> Words:
        return Words(
            " ".join(self.title.data.split()),
            self.body.data,
            self.use_case.data or "",
            self.category.data or "",
        )

    @property
    def verb(self) -> Verb:
        return Verb(self.then.data)


_SAY = _l("Say what should be possible.")
