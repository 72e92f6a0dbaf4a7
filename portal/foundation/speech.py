"""The words of the reader's language, found quickly.

flask-babel looks its context up several times a word and builds the name of the locale each time.
Here the locale that it found for the request is read where it keeps it, and catalogues are kept.
Texts in code come from here; the rarer kinds of flask-babel's find the same catalogues.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g, request
from flask_babel import Domain, get_locale
from flask_babel.speaklater import LazyString

CATALOGUES = Path(__file__).parents[2] / "translations"


def gettext(text: str, **gaps: object) -> str:
    said: str = catalogue().gettext(text)
    return said % gaps if gaps else said


def ngettext(one: str, many: str, number: int, **gaps: object) -> str:
    """`%(num)s` is the number."""
    said: str = catalogue().ngettext(one, many, number)
    return said % {"num": number, **gaps}


def lazy_gettext(text: str, **gaps: object) -> LazyString:
    """Worded each time that it is shown."""
    return LazyString(gettext, text, **gaps)


def catalogue() -> NullTranslations:
    return catalogue_of(language())


@cache
def catalogue_of(spoken: str) -> NullTranslations:
    """Without any request; a language that we don't have has English words."""
    return Translations.load(CATALOGUES, [spoken])


class _Words(Domain):  # type: ignore[misc]
    """What flask-babel itself asks for words: plurals in templates, texts with a context."""

    def get_translations(self) -> NullTranslations:
        return catalogue()


def init_app(app: Flask) -> None:
    """After Babel's own."""
    babel = app.extensions["babel"]
    babel.instance.domain_instance = _Words(domain=babel.default_domain)


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
