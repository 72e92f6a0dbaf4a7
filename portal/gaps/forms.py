"""Shapes of what editors say of a gap."""

from wtforms import StringField
from wtforms.validators import AnyOf, Length

from portal.foundation.markup.parsing import clean
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form
from portal.gaps.models import FATES

REASON_LONGEST = 300


def _one_line(text: str | None) -> str:
    return " ".join(clean(text or "").split())


class SettlingForm(Form):
    fate = StringField(validators=[AnyOf(FATES, _l("Choose what became of it."))])
    reason = StringField(
        _l("Why"),
        [Length(max=REASON_LONGEST, message=_l("Make this shorter: 300 characters at most."))],
        [_one_line],
    )
