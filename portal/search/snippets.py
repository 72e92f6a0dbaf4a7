"""The passage of a text that answers a question best, with the question's words marked."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from portal.search.analysis import folded, one
from portal.search.asking import Ask

LENGTH: Final = 220  # characters
READ: Final = 12_000  # characters of a text
PLACES: Final = 25  # of a word that are looked at
BEFORE: Final = 60  # characters that lead to the first word

_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[.!?:]\s+|\n\s*")


class _Place(NamedTuple):
    start: int
    end: int
    stem: str


def passage(ask: Ask, summary: str, body: str) -> Markup:
    """Of the body; of the summary where that has as much of the question."""
    masses = {stem: c.mass for c in ask.concepts for way in c.ways for stem in way.stems}
    text, start, places, most = summary or body[:READ], 0, [], 0.0
    for one_text in (summary, body[:READ]):
        found = _places(one_text, masses, ask.language)
        value, first = _densest(found, masses)
        if value > most:
            text, start, places, most = one_text, first, found, value
    return _shown(text, start, places)


def _places(text: str, masses: Mapping[str, float], language: str) -> list[_Place]:
    """Words that have one of these stems; endings change the last letter of it at most."""
    plain = folded(text)
    found: list[_Place] = []
    for start in {stem[:-1] if len(stem) > 3 else stem for stem in masses}:
        found += _beginning_with(start, plain, masses, language)
    found.sort()
    return found


def _beginning_with(
    start: str, plain: str, masses: Mapping[str, float], language: str
) -> list[_Place]:
    found: list[_Place] = []
    at = plain.find(start)
    while at >= 0 and len(found) < PLACES:
        end = at + len(start)
        if not at or not plain[at - 1].isalnum():
            word = _WORD.match(plain, at)
            if word is not None:
                end = word.end()
                stem = one(word[0], language)
                if stem in masses:
                    found.append(_Place(at, end, stem))
        at = plain.find(start, end)
    return found


def _densest(places: Sequence[_Place], masses: Mapping[str, float]) -> tuple[float, int]:
    """What the best passage has of the question, and where its first word is."""
    best, at = 0.0, 0
    first, value = 0, 0.0
    within = dict.fromkeys(masses, 0)
    for last, place in enumerate(places):
        value += 0 if within[place.stem] else masses[place.stem]
        within[place.stem] += 1
        while places[first].end < place.end - (LENGTH - BEFORE):
            former = places[first].stem
            within[former] -= 1
            value -= 0 if within[former] else masses[former]
            first += 1
        worth = value + 0.01 * (last - first)
        if worth > best + 0.02:
            best, at = worth, places[first].start
    return best, at


def _shown(text: str, first: int, places: Sequence[_Place]) -> Markup:
    start = _beginning(text, first)
    end = _ending(text, start + LENGTH)
    before, behind = "… " if start else "", " …" if end < len(text) else ""
    marked = _marked(text, start, end, places)
    return Markup(f"{before}{marked}{behind}")  # noqa: S704  escaped but for its marks


def _beginning(text: str, first: int) -> int:
    """A sentence, where one begins shortly before, else a word."""
    if first <= BEFORE:
        return 0
    lead = text[first - BEFORE : first]
    sentences = list(_SENTENCE.finditer(lead))
    if sentences:
        return first - BEFORE + sentences[0].end()
    space = _SPACE.search(lead)
    return first - BEFORE + space.end() if space else first


def _ending(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 30, end)
    return space if space > 0 else end


def _marked(text: str, start: int, end: int, places: Sequence[_Place]) -> str:
    """Everything but the marks is escaped."""
    parts: list[str] = []
    at = start
    for place in places:
        if place.start >= at and place.end <= end:
            parts += (
                _plain(text[at : place.start]),
                "<mark>",
                _plain(text[place.start : place.end]),
                "</mark>",
            )
            at = place.end
    parts.append(_plain(text[at:end]))
    return "".join(parts)


def _plain(text: str) -> str:
    return str(escape(_SPACE.sub(" ", text)))
