"""Sums over thousands at once are those of one after the other."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portal.search.asking import Ask, Concept, Way
from portal.search.engines.summing import (
    Tally,
    bits_of,
    documents_of,
    postings,
    postings_by_level,
    postings_in,
)

WORDS = ("plan", "bill", "crew", "site", "note")
Weights = Mapping[str, float]
weights = st.floats(0.0625, 1.0, width=32)
libraries = st.lists(st.dictionaries(st.sampled_from(WORDS), weights), min_size=1, max_size=30)
ways = st.builds(
    Way,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True).map(tuple),
    st.sampled_from([1.0, 0.9, 0.5]),
)
concepts = st.builds(
    Concept,
    st.just("word"),
    st.lists(ways, min_size=1, max_size=3, unique_by=lambda way: way.weight).map(tuple),
    st.sampled_from([1.0, 0.3]),
    st.floats(0.7, 9.0),
)
asks = st.builds(
    Ask,
    st.just("en"),
    st.lists(concepts, min_size=1, max_size=4).map(tuple),
    must=st.frozensets(st.sampled_from(WORDS), max_size=1),
    must_not=st.frozensets(st.sampled_from(WORDS), max_size=1),
)


def whole_of(ask: Ask, words: Weights) -> int:
    if not ask.must <= words.keys() or ask.must_not & words.keys():
        return 0
    return sum(
        max(
            (
                round(1000 * concept.mass * way.weight)
                for way in concept.ways
                if words.keys() >= set(way.stems)
            ),
            default=0,
        )
        for concept in ask.concepts
    )


@given(libraries, asks, st.floats(0, 20_000))
def test_sums(library: list[Weights], ask: Ask, least: float) -> None:
    tally = Tally(ask, postings_in(library), bits_of(range(len(library))))
    wholes = [whole_of(ask, words) for words in library]
    assert tally.best() == max(wholes)
    wanted = [number for number, whole in enumerate(wholes) if whole and whole >= least]
    assert documents_of(tally.having(least)) == wanted


@given(libraries, asks, st.integers(1, 5))
def test_the_likeliest_are_those_of_all(library: list[Weights], ask: Ask, most: int) -> None:
    tally = Tally(ask, postings_in(library), bits_of(range(len(library))))
    found = tally.having(1)
    every = tally.likeliest(found, len(library))
    assert tally.likeliest(found, most) == every[:most]


@given(libraries, st.integers(1, 200))
def test_postings_say_the_same_however_they_are_kept(library: list[Weights], beside: int) -> None:
    having = [number for number, words in enumerate(library) if "plan" in words]
    said = [library[number]["plan"] for number in having]
    everything = range(len(library))
    kept = postings(having, said, len(library) * beside)
    assert kept.said_of(everything) == [words.get("plan", 0.0) for words in library]
    assert documents_of(kept.bits) == having


@given(
    st.dictionaries(st.integers(0, 40), st.integers(0, 3), max_size=30),
    st.integers(41, 400),
    st.randoms(use_true_random=False),
)
def test_postings_by_level(said: dict[int, int], size: int, dice: Random) -> None:
    levels: list[list[int]] = [[], [], [], []]
    for document in dice.sample(sorted(said), len(said)):
        levels[said[document]].append(document)
    kept = postings_by_level(levels, size)
    assert documents_of(kept.bits) == sorted(said)
    expected = [(said[n] + 0.5) / 4 if n in said else 0.0 for n in range(size)]
    assert kept.said_of(range(size)) == expected


def test_postings_of_no_documents() -> None:
    assert documents_of(postings_by_level([[], []], 0).bits) == []
