"""What editors type into the search's pages."""

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.accounts.service import LOCALES
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.forms import Form

NAMES = {"en": "English", "es": "Español"}


class SynonymsForm(Form):
    language = SelectField(
        _l("Language"), choices=[SelectChoice(code, NAMES.get(code, code)) for code in LOCALES]
    )
    words = TextAreaField(
        _l("Words that mean the same"),
        [DataRequired(_l("Write at least two words.")), Length(max=1000)],
    )
