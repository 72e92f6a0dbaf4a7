"""The base of every form: WTForms' own sentences in the reader's language, read once."""

from functools import cache

from babel.support import NullTranslations, Translations
from flask_wtf import FlaskForm
from wtforms.i18n import messages_path

from portal.foundation.web.speech import language


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: FlaskForm) -> NullTranslations:
            return _sentences(language())


@cache
def _sentences(spoken: str) -> NullTranslations:
    """Flask-WTF would read the catalogue anew for each request."""
    return Translations.load(messages_path(), [spoken], domain="wtforms")
