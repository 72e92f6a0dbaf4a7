"""Everything a person reads stands in both languages, and is not the English copied."""

import dataclasses
import re

import pytest

from portal.core.templates import placeholders
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.text import LANGUAGES, Text

SAME = {
    # names that are the same in both languages
    "API",
    "Agency",
    "Backend",
    "Business",
    "Discord",
    "Enterprise",
    "Free",
    "Free/Starter",
    "Frontend",
    "GitHub",
    "Legal",
    "Normal",
    "Pro",
    "Professional",
    "SMS",
    "Slack",
    "WhatsApp",
}


CODE = re.compile(r"[A-Z]+\d")
"""A badge such as P1 or SEV2 is a code, the same in every language."""


def texts(thing):
    """Every Text within a pack, however deep."""
    if isinstance(thing, Text):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from texts(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from texts(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from texts(value)


@pytest.mark.parametrize("key", shipped_packs())
def test_every_text_is_there_in_both_languages(key):
    found = list(texts(load_pack(key)))
    assert len(found) > 150
    for text in found:
        assert set(text.languages) >= set(LANGUAGES)
        english = text.to("en")
        assert text.to("es") != english or english in SAME or CODE.fullmatch(english), text


@pytest.mark.parametrize("key", shipped_packs())
def test_both_languages_have_the_same_gaps(key):
    """A sentence may leave out a name it does not need, but not what it is about."""
    optional = {"channel", "by"}
    for text in texts(load_pack(key)):
        english, spanish = (set(placeholders(text.to(language))) for language in LANGUAGES)
        assert english - optional == spanish - optional, text


@pytest.mark.parametrize("key", shipped_packs())
def test_situations_and_signals_are_heard_in_both_languages(key):
    pack = load_pack(key)
    for rule in (*pack.routing.severity_rules, *pack.routing.signals):
        assert len(rule.phrases) > 5, rule.key


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("es", "uno"),
        ("es-MX", "uno"),
        ("es_AR", "uno"),
        ("fr", "one"),
        ("", "one"),
        ("pt-BR", "um"),
    ],
)
def test_the_nearest_language_is_spoken(language, found):
    assert Text.of({"en": "one", "es": "uno", "pt-BR": "um"}).to(language) == found
