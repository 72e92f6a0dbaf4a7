"""The words of the reader's language, found quickly.

flask-babel looks its context up several times a word and builds the name of the locale each time.
Here the locale that it found for the request is read where it keeps it.
"""

from collections.abc import Collection

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Domain, get_locale


class Words(Domain):  # type: ignore[misc]
    """The catalogues, kept by language."""

    def __init__(self, name: str) -> None:
        super().__init__(domain=name)
        self._known: dict[str, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        locale = spoken()
        name = locale.language if locale is not None else ""
        found = self._known.get(name)
        if found is None:
            found = super().get_translations()
            if name:
                self._known[name] = found
        return found


def init_app(app: Flask) -> None:
    """After Babel's own."""
    babel = app.extensions["babel"]
    babel.instance.domain_instance = Words(babel.default_domain)


def spoken() -> Locale | None:
    """As flask-babel's get_locale."""
    try:
        kept: Locale | None = vars(g._get_current_object())["_flask_babel"].babel_locale
    except (RuntimeError, KeyError, AttributeError):
        kept = None
    found: Locale | None = kept or get_locale()
    return found


def language() -> str:
    locale = spoken()
    return locale.language if locale is not None else "en"


def asked_language(known: Collection[str]) -> str | None:
    """The best of ours that the request's Accept-Language takes; es-MX takes es."""
    asked = (tag.partition("-")[0].lower() for tag, q in request.accept_languages if q > 0)
    return next((tag for tag in asked if tag in known), None)
