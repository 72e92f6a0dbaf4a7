"""The passage of a text that answers a question best, with the question's words marked."""

import re
from collections.abc import Sequence
from typing import Final

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


Place = tuple[int, int, str]
"""Where a word begins and ends, and its stem."""


class Passages:
    """For one question."""

    def __init__(self, ask: Ask) -> None:
        self._masses = {stem: c.mass for c in ask.concepts for way in c.ways for stem in way.stems}
        # endings change the last letter of a stem at most
        self._starts = {stem[:-1] if len(stem) > 3 else stem for stem in self._masses}
        self._language = ask.language
        self._stems: dict[str, str] = {}  # of words that were met

    def best(self, summary: str, body: str) -> Markup:
        """Of the body; of the summary where that has as much of the question."""
        text, start, places, most = summary or body[:READ], 0, list[Place](), 0.0
        for one_text in (summary, body[:READ]):
            found = self._places(one_text)
            value, first = self._densest(found)
            if value > most:
                text, start, places, most = one_text, first, found, value
        return _shown(text, start, places)

    def _places(self, text: str) -> list[Place]:
        """Words that have one of the stems."""
        plain = folded(text)
        found: list[Place] = []
        for start in self._starts:
            found += self._beginning_with(start, plain)
        found.sort()
        return found

    def _beginning_with(self, start: str, plain: str) -> list[Place]:
        found: list[Place] = []
        find, word_at, length = plain.find, _WORD.match, len(start)
        at = find(start)
        while at >= 0 and len(found) < PLACES:
            end = at + length
            if not at or not plain[at - 1].isalnum():
                word = word_at(plain, at)
                if word is not None:
                    end = word.end()
                    stem = self._stem(word[0])
                    if stem:
                        found.append((at, end, stem))
            at = find(start, end)
        return found

    def _stem(self, word: str) -> str:
        """ "" for a word that was not asked for."""
        known = self._stems.get(word)
        if known is None:
            stem = one(word, self._language)
            known = self._stems[word] = stem if stem in self._masses else ""
        return known

    def _densest(self, places: Sequence[Place]) -> tuple[float, int]:
        """What the best passage has of the question, and where its first word is."""
        masses = self._masses
        best, at = 0.0, 0
        first, value = 0, 0.0
        within = dict.fromkeys(masses, 0)
        for last, (_start, end, stem) in enumerate(places):
            if not within[stem]:
                value += masses[stem]
            within[stem] += 1
            while places[first][1] < end - (LENGTH - BEFORE):
                former = places[first][2]
                within[former] -= 1
                if not within[former]:
                    value -= masses[former]
                first += 1
            worth = value + 0.01 * (last - first)
            if worth > best + 0.02:
                best, at = worth, places[first][0]
        return best, at


def _shown(text: str, first: int, places: Sequence[Place]) -> Markup:
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


def _marked(text: str, start: int, end: int, places: Sequence[Place]) -> str:
    """Everything but the marks is escaped."""
    parts: list[str] = []
    at = start
    for first, behind, _stem in places:
        if first >= at and behind <= end:
            parts += (_plain(text[at:first]), "<mark>", _plain(text[first:behind]), "</mark>")
            at = behind
    parts.append(_plain(text[at:end]))
    return "".join(parts)


def _plain(text: str) -> str:
    return str(escape(_SPACE.sub(" ", text)))
