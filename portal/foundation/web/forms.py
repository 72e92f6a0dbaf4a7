"""What forms share: WTForms' own sentences in the reader's language, and the token against forged
ones, each looked up once."""

from functools import cache

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from wtforms.i18n import messages_path

from portal.foundation.speech import language
from portal.foundation.web.cookieless import is_cookieless


def protect(app: Flask) -> CSRFProtect:
    """Every POST must bring a token of its own session."""
    protection = CSRFProtect(app)
    app.jinja_env.globals.update(csrf_token=csrf_token, csrf=csrf)
    return protection


def csrf_token() -> str:
    """As Flask-WTF's, which looks through its settings for each of the dozen forms of a page."""
    token: str = g.get("csrf_token") or generate_csrf()
    return token


def csrf() -> Markup:
    """The hidden field of a form."""
    if "csrf_field" not in g:
        g.csrf_field = hidden(csrf_token())
    field: Markup = g.csrf_field
    return field


def hidden(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        @property
        def csrf(self) -> bool:
            """Forged forms come with somebody's cookie; where none is read, a header is proof."""
            return bool(current_app.config.get("WTF_CSRF_ENABLED", True)) and not is_cookieless()

        def get_translations(self, form: FlaskForm) -> NullTranslations:
            return _sentences(language())


@cache
def _sentences(spoken: str) -> NullTranslations:
    """Flask-WTF would read the catalogue anew for each request."""
    return Translations.load(messages_path(), [spoken], domain="wtforms")
