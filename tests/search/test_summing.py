"""Sums over thousands at once are those of one after the other."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from portal.search.asking import Ask, Concept, Way
from portal.search.engines.summing import (
    Tally,
    bits_of,
    documents_of,
    postings,
    postings_in,
    said,
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


@given(libraries, st.integers(0, 4000))
def test_postings_say_the_same_however_they_are_kept(library: list[Weights], beside: int) -> None:
    said_of_all = bytearray(said(words["plan"]) if "plan" in words else 0 for words in library)
    said_of_all += bytes(beside)
    kept = postings(bytearray(said_of_all))
    assert kept.said_of(range(len(said_of_all))) == list(said_of_all)
    assert documents_of(kept.bits) == [n for n, words in enumerate(library) if "plan" in words]


def test_postings_of_no_documents() -> None:
    assert documents_of(postings(bytearray()).bits) == []


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_words_say_is_a_byte_that_is_never_nothing(one: float, other: float) -> None:
    assert 0 < said(min(one, other)) <= said(max(one, other)) < 256
