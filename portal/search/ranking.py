"""The order of what was found, the same whichever engine found it.

Counts in the kept rows (`rows.Row.text`) alone. What tells for a document: how much of the question
it has and how loudly; a title or heading that says just what was asked; words that stand together.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, pairwise, repeat
from math import log1p
from operator import add
from typing import Final
from uuid import UUID

from portal.search.analysis import telling
from portal.search.asking import MOST_CONCEPTS, Ask, Concept
from portal.search.rows import BAR, BODY, HEADINGS, LABELS, SUMMARY, TITLE, saying, worth_of

TITLE_SAYS: Final = 0.9
TITLE_WHOLE: Final = 0.1  # all of the question stands in it
TITLE_EXACT: Final = 0.55  # and nothing else
LABEL_SAYS: Final = 0.55
HEADING_SAYS: Final = 0.55
HEADING_EXACT: Final = 0.4
TOGETHER: Final = 0.5  # of the square: two words of five say little
ALL_TOGETHER: Final = 0.1  # all of three words and more; two meet by chance
IN_ORDER: Final = 0.15  # one right after the other, as they were asked
LITTLE_BESIDE: Final = 0.55  # how much it matters that a title says nothing else
NEAR: Final = 80  # characters of a row in which words stand together
NEXT: Final = 30  # characters from a word to the one after it, which may follow a stop word
PLACES: Final = 40  # of a word that are looked at
READ: Final = 14_000  # characters of a row


@dataclass(frozen=True, slots=True)
class Candidate:
    key: UUID
    group_id: UUID | None
    language: str
    title: str
    words: str
    roles: Sequence[str]
    module: str
    version: str
    weight: int


@dataclass(frozen=True, slots=True)
class Favoured:
    """What moves up because of who asks, and where."""

    module: str = ""
    role: str = ""
    version: str = ""


class Judge:
    """Of one question."""

    def __init__(self, ask: Ask, favoured: Favoured) -> None:
        self._ask, self._favoured = ask, favoured
        self._masses = [concept.mass for concept in ask.concepts]
        self._mass = sum(self._masses) or 1.0
        self._stems: dict[str, list[tuple[int, float]]] = {}
        for number, concept in enumerate(ask.concepts):
            for way in concept.ways:
                for stem in way.stems:
                    share = way.weight / len(way.stems)
                    self._stems.setdefault(stem, []).append((number, share))
        self._marks = {stem: f" {stem} " for stem in self._stems}
        self._asked = ask.row.union(self._stems)
        self._pairs = [min(pair) for pair in pairwise(self._masses)]

    def score(self, candidate: Candidate) -> float:
        row = candidate.words
        seen = _Seen(row, self._marks)
        loud = [_loudness(concept, seen.said) for concept in self._ask.concepts]
        total = sum(mass * one for mass, one in zip(self._masses, loud, strict=True)) / self._mass
        if seen.first < seen.ends[HEADINGS]:
            total += self._above(row, seen)
        if len(seen.places) > 1:
            total += self._beside(seen)
        return total * _favour(candidate, self._favoured)

    def _above(self, row: str, seen: "_Seen") -> float:
        """What title, labels and headings say."""
        ends = seen.ends
        title, covered = self._fit(row[: ends[TITLE]].split())
        total = TITLE_SAYS * title + (TITLE_EXACT if title > 0.99 else 0.0)
        total += TITLE_WHOLE if covered > 0.99 else 0.0
        parts = self._parts(row, seen)
        total += LABEL_SAYS * self._best_fit(parts[LABELS])
        heading = self._best_fit(parts[HEADINGS])
        return total + HEADING_SAYS * heading + (HEADING_EXACT if heading > 0.99 else 0.0)

    def _parts(self, row: str, seen: "_Seen") -> dict[int, set[str]]:
        """Labels and headings that have a word of the question; most have none."""
        title, labels, headings = seen.ends[: HEADINGS + 1]
        parts: dict[int, set[str]] = {LABELS: set(), HEADINGS: set()}
        for places in seen.places.values():
            for at in places[bisect_left(places, title) : bisect_left(places, headings)]:
                section, start, end = (
                    (LABELS, title, labels) if at < labels else (HEADINGS, labels, headings)
                )
                behind = row.find(BAR, at, end)
                first = max(row.rfind(BAR, start, at), start) + 1
                parts[section].add(row[first : behind if behind >= 0 else end])
        return parts

    def _best_fit(self, parts: Iterable[str]) -> float:
        return max((self._fit(part.split())[0] for part in parts), default=0.0)

    def _fit(self, words: Sequence[str]) -> tuple[float, float]:
        """How well a title or heading is what was asked: most of the question, little beside; and
        how much of the question it has."""
        said = set(words)
        best: dict[int, float] = {}
        for stem, meant in self._stems.items():
            if stem in said:
                for number, share in meant:
                    best[number] = max(best.get(number, 0.0), share)
        if not best:
            return 0.0, 0.0
        others = len(telling(said, self._ask.language) - self._asked)
        covered = sum(self._masses[number] * share for number, share in best.items()) / self._mass
        precise = len(best) / (len(best) + others)
        return covered * (1 - LITTLE_BESIDE + LITTLE_BESIDE * precise), covered

    def _beside(self, seen: "_Seen") -> float:
        """What words say that stand close to each other, where a question is several."""
        several = len(self._masses)
        if several < 2:
            return 0.0
        # one number for place and concept, which is quicker to put in order than two
        codes = sorted(
            [
                (at << _BITS) + number
                for stem, found in seen.places.items()
                for number, _share in self._stems[stem]
                for at in found
            ]
        )
        together = self._together(codes[bisect_left(codes, seen.ends[HEADINGS] << _BITS) :])
        total = TOGETHER * together**2 + IN_ORDER * self._in_order(codes)
        return total + (ALL_TOGETHER if several > 2 and together > 0.95 else 0.0)

    def _in_order(self, codes: Sequence[int]) -> float:
        """How much of the question stands there word after word."""
        following = {
            first & _NUMBER
            for first, second in pairwise(codes)
            if second - first < _NEXT and (second - first) & _NUMBER == 1
        }
        return sum(self._pairs[number] for number in following) / (sum(self._pairs) or 1.0)

    def _together(self, codes: Sequence[int]) -> float:
        """The largest share of the question that stands within a few words."""
        masses = self._masses
        most = sum(masses[number] for number in {code & _NUMBER for code in codes})
        within = [0] * len(masses)
        best = now = 0.0
        first = 0
        for code in codes:
            number = code & _NUMBER
            if not within[number]:
                now += masses[number]
            within[number] += 1
            near = (code - _NEAR) & ~_NUMBER
            while codes[first] < near:
                former = codes[first] & _NUMBER
                within[former] -= 1
                if not within[former]:
                    now -= masses[former]
                first += 1
            if now > best and now > masses[number]:
                best = now
                if best > most - 1e-9:
                    break
        return best / self._mass


_BITS: Final = MOST_CONCEPTS.bit_length()
_NUMBER: Final = (1 << _BITS) - 1
_NEAR: Final = NEAR << _BITS
_NEXT: Final = NEXT << _BITS


class _Seen:
    """Where a row has words, and what each says."""

    def __init__(self, row: str, marks: Mapping[str, str]) -> None:
        self.ends = _ends(row)
        self.places: dict[str, list[int]] = {}
        self.said: dict[str, float] = {}
        self.first = len(row)
        lengths = [(end - start) / _LETTERS for start, end in pairwise((0, *self.ends))]
        worth = worth_of(lengths)
        for stem, mark in marks.items():
            found = _places(row, mark)
            if found:
                self.first = min(self.first, found[0])
                self.places[stem] = found
                self.said[stem] = _said(found, self.ends, worth)


def _ends(row: str) -> list[int]:
    """Where each section ends."""
    ends = []
    at = -1
    for _section in range(BODY):
        at = row.find("\n", at + 1)
        ends.append(at if at >= 0 else len(row))
        at = ends[-1]
    return [*ends, len(row)]


def _places(row: str, mark: str) -> list[int]:
    pieces = row.split(mark, PLACES)
    if len(pieces) == 1:
        return []
    if mark[1:-1] in pieces or any(map(str.startswith, pieces, repeat(mark[1:]))):
        return _close_places(row, mark)
    return list(map(add, accumulate(map(len, pieces[:-1])), count(0, len(mark))))


def _close_places(row: str, mark: str) -> list[int]:
    """Where a word is said twice, the marks have a space in common."""
    found: list[int] = []
    at = row.find(mark)
    while at >= 0 and len(found) < PLACES:
        found.append(at)
        at = row.find(mark, at + len(mark) - 1)
    return found


_LETTERS: Final = 6.5  # of a word, with the space behind it


def _said(places: Sequence[int], ends: Sequence[int], worth: Sequence[float]) -> float:
    before = bisect_left(places, ends[SUMMARY]) if places[0] < ends[SUMMARY] else 0
    total = worth[BODY] * (len(places) - before)
    section = 0
    for at in places[:before]:
        while at >= ends[section]:
            section += 1
        total += worth[section]
    return saying(total)


def _loudness(concept: Concept, said: Mapping[str, float]) -> float:
    loudest = 0.0
    for way in concept.ways:
        if len(way.stems) == 1:
            loudest = max(loudest, said.get(way.stems[0], 0.0) * way.weight)
        else:
            loudest = max(loudest, min(said.get(stem, 0.0) for stem in way.stems) * way.weight)
    return loudest


def _favour(candidate: Candidate, favoured: Favoured) -> float:
    factor = 1 + 0.02 * min(log1p(max(candidate.weight, 0)), 6)
    if favoured.module and candidate.module == favoured.module:
        factor *= 1.2
    if favoured.role and favoured.role in candidate.roles:
        factor *= 1.08
    if favoured.version and candidate.version:
        factor *= 1.05 if applies(candidate.version, favoured.version) else 0.8
    return factor


def applies(written_for: str, version: str) -> bool:
    """Whether "4.2+", "3.0 - 4.1" or "4.2" holds for a version."""
    asked = _numbers(version)
    first, to, last = written_for.replace("–", "-").partition("-")
    low = _numbers(first)
    if not asked or not low:
        return True
    if to:
        return low <= asked and asked[: len(_numbers(last))] <= _numbers(last)
    return low <= asked if "+" in first else asked[: len(low)] == low


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,6}", version))
