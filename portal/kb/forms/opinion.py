"""Whether an article helped, as its page sends it."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length

from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.kb.models import REASONS
from portal.kb.service.feedback import COMMENT_LONGEST, Opinion

YES, NO, TAKE_BACK = "yes", "no", ""
WORDED = {
    "outdated": _l("It is out of date"),
    "unclear": _l("I did not understand it"),
    "incomplete": _l("Something is missing"),
    "not_my_question": _l("It is not what I was looking for"),
    "does_not_work": _l("I did it, and it does not work"),
}
CHOICES = [SelectChoice(reason, WORDED.get(reason, "")) for reason in ("", *REASONS)]


class OpinionForm(Form):
    helpful = RadioField(
        choices=[SelectChoice(answer, "") for answer in (YES, NO, TAKE_BACK)],
        validators=[AnyOf([YES, NO, TAKE_BACK])],
        default=TAKE_BACK,
    )
    reason = RadioField(_l("What was wrong?"), choices=CHOICES, default="")
    comment = TextAreaField(
        _l("What would have helped?"),
        [Length(max=COMMENT_LONGEST, message=_l("Make this shorter: 2,000 characters at most."))],
    )

    def opinion(self) -> Opinion | None:
        """None: what was said is taken back."""
        if self.helpful.data == TAKE_BACK:
            return None
        return Opinion(
            self.helpful.data == YES, self.reason.data or "", str(self.comment.data or "")
        )
