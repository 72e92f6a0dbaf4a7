"""Shapes of what people write in the forum."""

from typing import Any, Final

from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from portal.forum.models import Kind, Wrong
from portal.forum.service.texts import BODY_LONGEST, TITLE_LONGEST
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

REASON_LONGEST: Final = 300
KEY_LONGEST: Final = 64
LONG_TITLE: Final = _l("Make this shorter: 300 characters at most.")
LONG_BODY: Final = _l(
    "This is longer than we can take: 50,000 characters at most. Your text is still here; shorten "
    "it, or make two of it."
)


def one_line(text: str | None) -> str:
    return " ".join(clean(text or "").split())


def text(written: str | None) -> str:
    return clean(written or "").strip()


class _Title(Form):
    title = StringField(
        _l("Title"),
        [
            DataRequired(_l("Say in one line what it is about.")),
            Length(max=TITLE_LONGEST, message=LONG_TITLE),
        ],
        [one_line],
    )


class TitleForm(_Title):
    edition = IntegerField(validators=[InputRequired()])


class _TitleAndBody(_Title):
    body = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Write something.")),
            Length(max=BODY_LONGEST, message=LONG_BODY),
        ],
        [text],
    )


class PostForm(_TitleAndBody):
    """`category` must be one of the modules that the view offers."""

    kind = StringField(_l("What is it?"), [AnyOf(list(Kind), _l("Choose question or discussion."))])
    category = StringField(_l("Category"))
    press = HiddenField(validators=[Length(max=KEY_LONGEST)])
    seen = HiddenField()  # what is alike was shown already

    def __init__(self, categories: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.validators = [AnyOf(list(categories), _l("Choose a category."))]


class ReplyForm(Form):
    body = TextAreaField(
        _l("Your reply"),
        [
            DataRequired(_l("Write something.")),
            Length(max=BODY_LONGEST, message=LONG_BODY),
        ],
        [text],
    )
    press = HiddenField(validators=[Length(max=KEY_LONGEST)])


class EditPostForm(_TitleAndBody):
    edition = IntegerField(validators=[InputRequired()])


class EditReplyForm(Form):
    body = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Write something.")),
            Length(max=BODY_LONGEST, message=LONG_BODY),
        ],
        [text],
    )
    edition = IntegerField(validators=[InputRequired()])


class RemovalForm(Form):
    reason = StringField(
        _l("Why it goes"),
        [
            DataRequired(_l("Say why: its author and others will read it.")),
            Length(max=REASON_LONGEST, message=LONG_TITLE),
        ],
        [one_line],
    )


class FlagForm(Form):
    reason = StringField(
        _l("What is wrong with it?"), [AnyOf(list(Wrong), _l("Choose what is wrong with it."))]
    )
    comment = StringField(
        _l("What should moderators know?"),
        [Length(max=500, message=_l("Make this shorter: 500 characters at most."))],
        [one_line],
    )


class MoveForm(Form):
    category = StringField(_l("Category"))

    def __init__(self, categories: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.validators = [AnyOf(list(categories), _l("Choose a category."))]


class MergeForm(Form):
    into = IntegerField(
        _l("Number of the other thread"),
        [InputRequired(_l("Write the number that stands in the other thread’s address."))],
    )


class SplitForm(Form):
    title = StringField(
        _l("Title of the new thread"),
        [
            DataRequired(_l("Say in one line what it is about.")),
            Length(max=TITLE_LONGEST, message=LONG_TITLE),
        ],
        [one_line],
    )
    replies = SelectMultipleField(_l("Replies"), coerce=int, validate_choice=False)
