"""Summing up what documents have of a question.

Documents are numbers here, and those that have a word are the bits of one large number, so that
thousands are added to by a few operations. A document's sum is what it has of the question's mass,
in whole thousandths; its binary digits stand upright in `Tally`, one plane a digit. What words say
about a document is added, behind the point, for those alone that are compared.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import ceil, sqrt
from operator import add
from typing import Final

from portal.search.asking import Ask, Concept, Way
from portal.search.engines.base import SHARE

_UNIT: Final = 1000
_ALL_SAID: Final = 255  # by a word that says all that one can
_OFTEN: Final = 8  # where one of so many documents has a word, it is kept what it says about each
_IN_BYTE: Final = [tuple(n for n in range(8) if byte >> n & 1) for byte in range(256)]


def bits_of(rising: Sequence[int]) -> int:
    if not rising:
        return 0
    digits = bytearray(b"0") * (rising[-1] + 1)
    for document in rising:
        digits[document] = _ONE
    digits.reverse()
    return int(digits, 2)


_ONE: Final = ord("1")


def documents_of(bits: int) -> list[int]:
    packed = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    return [8 * at + n for at, byte in enumerate(packed) if byte for n in _IN_BYTE[byte]]


def said(weight: float) -> int:
    """What a word says, from 0 to 1, as a byte that is never 0."""
    return 1 + int(weight * (_ALL_SAID - 1))


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that have a word, and what it says about each. Of a word that many have, `said` is
    by document, and `documents` is None."""

    bits: int
    documents: Sequence[int] | None
    said: Sequence[int]

    @property
    def size(self) -> int:
        """In bytes, about."""
        return self.bits.bit_length() // 8 + len(self.said) + 4 * len(self.documents or ())

    def said_of(self, documents: Iterable[int]) -> list[int]:
        """0 of those that lack it."""
        if self.documents is None:
            return list(map(self.said.__getitem__, documents))
        known = dict(zip(self.documents, self.said, strict=True)).get
        return [known(document, 0) for document in documents]


NONE: Final = Postings(0, (), ())
Find = Callable[[str], Postings]


def postings(said_of_all: bytearray) -> Postings:
    """Of all documents, by number; 0 where they lack the word."""
    digits = said_of_all.translate(_DIGITS)
    digits.reverse()
    bits = int(digits, 2) if digits else 0
    if bits.bit_count() * _OFTEN >= len(said_of_all):
        return Postings(bits, None, said_of_all)
    documents = array("I", documents_of(bits))
    return Postings(bits, documents, bytes(map(said_of_all.__getitem__, documents)))


_DIGITS: Final = b"0" + b"1" * _ALL_SAID


def postings_in(words: Sequence[Mapping[str, float]]) -> Find:
    """For a few documents that lie before us."""

    def find(stem: str) -> Postings:
        having = [number for number, weights in enumerate(words) if stem in weights]
        return Postings(bits_of(having), having, [said(words[n][stem]) for n in having])

    return find


class Tally:
    """What each of some documents has of a question."""

    def __init__(self, ask: Ask, find: Find, among: int) -> None:
        self._find = find
        for stem in ask.must:
            among &= find(stem).bits
        for stem in ask.must_not:
            among &= ~find(stem).bits
        self._per = 1 / (of_whole(ask) + 1)
        self._concepts = sorted(ask.concepts, key=lambda concept: -concept.mass)
        self._planes = [0] * (ceil(of_whole(ask)) + len(self._concepts)).bit_length()
        for concept in self._concepts:
            self._count(concept, among)

    def _count(self, concept: Concept, among: int) -> None:
        """Of several ways to say the same, the one that says most of it."""
        for way in reversed(_rising(concept)):
            having = self._having(way) & among
            among ^= having
            self._raise(having, _whole(concept, way))

    def _raise(self, documents: int, by: int) -> None:
        carried = 0
        for digit, plane in enumerate(self._planes):
            if by >> digit & 1:
                self._planes[digit] = plane ^ documents ^ carried
                carried = documents & (plane | carried)
            elif carried:
                self._planes[digit] = plane ^ carried
                carried &= plane

    def _having(self, way: Way) -> int:
        """Documents that have all words of it."""
        bits = -1
        for stem in way.stems:
            bits &= self._find(stem).bits
        return bits

    def best(self) -> int:
        """The largest sum."""
        among, largest = -1, 0
        for digit in reversed(range(len(self._planes))):
            if among & self._planes[digit]:
                among &= self._planes[digit]
                largest |= 1 << digit
        return largest

    def having(self, least: float) -> int:
        """Documents whose sum is so large, and not nothing."""
        needed = max(ceil(least), 1)
        if needed.bit_length() > len(self._planes):
            return 0
        larger, equal = 0, -1
        for digit in reversed(range(len(self._planes))):
            plane = self._planes[digit]
            if needed >> digit & 1:
                equal &= plane
            else:
                larger |= equal & plane
                equal &= ~plane
        return larger | equal

    def likeliest(self, documents: int, most: int) -> list[tuple[float, int]]:
        """With their merit: what words say, and more where none is missing. Those that have less
        than others are compared where they could still be as likely."""
        having_all = documents & self.having(self.best())
        found = nlargest(most, self._merits(having_all))
        others = documents ^ having_all
        if len(found) == most:
            others &= self.having(self._least_for(found[-1][0]))
        return nlargest(most, [*found, *self._merits(others)]) if others else found

    def _least_for(self, merit: float) -> float:
        """The sum that such a merit needs, if every word said all that it can."""
        per = self._per
        return (sqrt(1 + 4 * per * merit * _UNIT**2) - 1) / (2 * per) - len(self._concepts)

    def _merits(self, documents: int) -> Iterable[tuple[float, int]]:
        chosen, per = documents_of(documents), self._per
        merits = [(value % 1.0) * (1 + value * per) for value in self._values(chosen)]
        return zip(merits, chosen, strict=True)

    def _values(self, documents: Collection[int]) -> list[float]:
        """Sums, and behind the point what the words say."""
        values = [0.0] * len(documents)
        for concept in self._concepts:
            told = [0.0] * len(documents)
            for way in _rising(concept):
                whole, part = _whole(concept, way), concept.mass * way.weight / _UNIT / _ALL_SAID
                told = [
                    whole + so_much * part if so_much else before
                    for so_much, before in zip(self._said_so(way, documents), told, strict=True)
                ]
            values = list(map(add, values, told))
        return values

    def _said_so(self, way: Way, documents: Collection[int]) -> Iterable[int]:
        lists = [self._find(stem).said_of(documents) for stem in way.stems]
        return lists[0] if len(lists) == 1 else map(min, *lists)


def _rising(concept: Concept) -> Sequence[Way]:
    return sorted(concept.ways, key=lambda way: way.weight)


def _whole(concept: Concept, way: Way) -> int:
    return round(_UNIT * concept.mass * way.weight)


def share(best: float, ask: Ask) -> float:
    """How much of the question a document with this sum has."""
    mass = of_whole(ask)
    return min(int(best) / mass, 1.0) if mass else float(best > 0)


def least(best: float) -> float:
    """The sum below which documents are not found beside the best."""
    return int(best) * SHARE


def of_whole(ask: Ask) -> float:
    """The sum of a document that has all of the question."""
    return _UNIT * ask.mass


def stems_of(asks: Iterable[Ask]) -> set[str]:
    return {
        stem
        for ask in asks
        for concept in ask.concepts
        for way in concept.ways
        for stem in way.stems
    }
