"""Shapes of what people send about ideas."""

from uuid import UUID

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.foundation.markup.parsing import clean
from portal.foundation.numbers import HIGHEST
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.ideas.models import TITLE_LONGEST, VERSION_LONGEST, Status
from portal.ideas.service.commenting import COMMENT_LONGEST
from portal.ideas.service.submitting import WORDS_LONGEST, Words
from portal.ideas.wording import STATUSES

REASON_LONGEST = 1_000


def _tidy(text: str | None) -> str:
    return clean(text or "").strip()


def _key(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


class IdeaForm(Form):
    """`seen`: ideas like this one were shown; `lock`: the version that was before the editor."""

    title = StringField(
        _l("Title"),
        [
            DataRequired(_l("Give your idea a title.")),
            Length(max=TITLE_LONGEST, message=_l("Make this shorter: 300 characters at most.")),
        ],
        [_tidy],
    )
    body = TextAreaField(
        _l("What should be possible?"),
        [
            DataRequired(_l("Say what should be possible.")),
            Length(max=WORDS_LONGEST, message=_l("Make this shorter: 20,000 characters at most.")),
        ],
        [_tidy],
    )
    use_case = TextAreaField(
        _l("What would you do with it?"),
        [Length(max=WORDS_LONGEST, message=_l("Make this shorter: 20,000 characters at most."))],
        [_tidy],
    )
    category = SelectField(_l("Part of the product"), validate_choice=True)
    is_internal = BooleanField(_l("Only for our own people"))
    seen = HiddenField()
    lock = HiddenField()

    def words(self) -> Words:
        return Words(
            title=self.title.data,
            description=self.body.data,
            use_case=self.use_case.data,
            category=self.category.data,
            is_internal=bool(self.is_internal.data),
        )

    def version(self) -> int:
        return int(self.lock.data) if str(self.lock.data or "").isdecimal() else 0


class CommentForm(Form):
    body = TextAreaField(
        _l("Write a comment"),
        [
            DataRequired(_l("Write something first.")),
            Length(
                max=COMMENT_LONGEST, message=_l("Make this shorter: 10,000 characters at most.")
            ),
        ],
        [_tidy],
    )


class ReasonForm(Form):
    reason = TextAreaField(
        _l("Why do you need it?"),
        [Length(max=REASON_LONGEST, message=_l("Make this shorter: 1,000 characters at most."))],
        [_tidy],
    )


class DecisionForm(Form):
    status = SelectField(_l("Status"), choices=[SelectChoice(*one) for one in STATUSES.items()])
    note = TextAreaField(
        _l("Note"),
        [Length(max=REASON_LONGEST, message=_l("Make this shorter: 1,000 characters at most."))],
        [_tidy],
    )
    shipped_in = StringField(
        _l("Version in which it shipped"),
        [Length(max=VERSION_LONGEST, message=_l("Make this shorter: 20 characters at most."))],
        [_tidy],
    )

    def decided(self) -> Status:
        return Status(self.status.data)


class BehalfForm(Form):
    builder = SelectField(_l("Builder"), coerce=_key)
    reason = TextAreaField(
        _l("Why do they need it?"),
        [
            DataRequired(_l("Say why they need it.")),
            Length(max=REASON_LONGEST, message=_l("Make this shorter: 1,000 characters at most.")),
        ],
        [_tidy],
    )
    ticket = IntegerField(
        _l("Ticket number"),
        [Optional(), NumberRange(1, HIGHEST, _l("There is no such ticket of theirs."))],
    )


class MergingForm(Form):
    into = IntegerField(
        _l("Number of the idea that stays"),
        [
            DataRequired(_l("Give the number of the other idea.")),
            NumberRange(1, HIGHEST, _l("There is no such idea.")),
        ],
    )
