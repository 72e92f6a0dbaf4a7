"""Summing up what documents have of a question.

A document's sum is one number: what it has of the question's mass, in whole thousandths, and behind
the point what its words say, so that going through long lists costs one addition each.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from portal.search.asking import Ask, Concept, Way
from portal.search.engines.base import SHARE

_UNIT: Final = 1000
K = TypeVar("K")

Postings = tuple[Sequence[K], Sequence[float]]
"""Documents that have a word, and what it says about each, from 0 to 1."""
Find = Callable[[str], Postings[K]]


def sums(ask: Ask, find: Find[K], needed: float = 0.0) -> dict[K, float]:
    """Of every document that has anything of the question, or whose sum is `needed` at least: the
    rarest words come first, and who has none of them can't make up for it by the common ones, whose
    lists are long."""
    total: dict[K, float] = {}
    concepts = sorted(ask.concepts, key=lambda concept: -concept.mass)
    rest = sum(concept.mass for concept in concepts) * _UNIT
    for concept in concepts:
        said = _said(concept, find)
        if rest < needed:
            _add_to(total, said)
        else:
            _add(total, said)
        rest -= concept.mass * _UNIT
    return _allowed(total, ask, find)


def _add(total: dict[K, float], said: Iterable[tuple[K, float]]) -> None:
    if not total:
        total.update(said)
        return
    get = total.get
    for document, added in said:
        total[document] = get(document, 0.0) + added


def _add_to(total: dict[K, float], said: Iterable[tuple[K, float]]) -> None:
    """To those that have something already."""
    for document, added in said:
        if document in total:
            total[document] += added


def _said(concept: Concept, find: Find[K]) -> Iterable[tuple[K, float]]:
    """Of several ways to say the same, the one that a document says loudest."""
    if len(concept.ways) == 1:
        return _said_so(concept, concept.ways[0], find)
    best: dict[K, float] = {}
    for way in sorted(concept.ways, key=lambda way: way.weight):
        best.update(_said_so(concept, way, find))
    return best.items()


def _said_so(concept: Concept, way: Way, find: Find[K]) -> Iterable[tuple[K, float]]:
    whole, part = _worth(concept, way)
    documents, weights = _meeting(way, find)
    return zip(documents, [whole + weight * part for weight in weights], strict=True)


def _worth(concept: Concept, way: Way) -> tuple[int, float]:
    return round(_UNIT * concept.mass * way.weight), concept.mass * way.weight / _UNIT


def _meeting(way: Way, find: Find[K]) -> Postings[K]:
    """Documents that have all words of a way."""
    if len(way.stems) == 1:
        return find(way.stems[0])
    lists = [dict(zip(*find(stem), strict=True)) for stem in way.stems]
    shortest = min(lists, key=len)
    both = [document for document in shortest if all(document in one for one in lists)]
    return both, [min(one[document] for one in lists) for document in both]


def _allowed(total: dict[K, float], ask: Ask, find: Find[K]) -> dict[K, float]:
    for stem in ask.must:
        having = set(find(stem)[0])
        total = {document: value for document, value in total.items() if document in having}
    for stem in ask.must_not:
        for document in find(stem)[0]:
            total.pop(document, None)
    return total


def share(best: float, ask: Ask) -> float:
    """How much of the question a document with this sum has."""
    mass = _UNIT * ask.mass
    return min(int(best) / mass, 1.0) if mass else float(best > 0)


def least(best: float) -> float:
    """The sum below which documents are not found beside the best."""
    return int(best) * SHARE


def merit(value: float, ask: Ask) -> float:
    """By which the likeliest are chosen: what words say, and more where none is missing."""
    return (value % 1.0) * (1 + value / (of_whole(ask) + 1))


def of_whole(ask: Ask) -> float:
    """The sum of a document that has all of the question, without what its words say."""
    return _UNIT * ask.mass


def lists_of(weights: Mapping[K, Mapping[str, float]]) -> Find[K]:
    """For a few documents that lie before us."""

    def find(stem: str) -> Postings[K]:
        having = [key for key, words in weights.items() if stem in words]
        return having, [weights[key][stem] for key in having]

    return find


def stems_of(asks: Iterable[Ask]) -> set[str]:
    return {
        stem
        for ask in asks
        for concept in ask.concepts
        for way in concept.ways
        for stem in way.stems
    }
