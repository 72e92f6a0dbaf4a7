"""Whatever is done to a document, it is sound or refused in words; it never breaks the reader."""

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.policy.documents import SHIPPED, InvalidPack, merged, read_document
from portal.policy.loader import build_pack, shipped_packs

DOCUMENTS = {key: read_document(SHIPPED / f"{key}.toml") for key in shipped_packs()}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["4h", "next review", "1 business day", "support", "email", "{gap}", "a*", "!"]
    ),
    st.dates(),
    st.lists(st.one_of(st.text(max_size=4), st.integers()), max_size=3),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3),
    st.lists(
        st.dictionaries(st.sampled_from(["key", "name", "x"]), st.text(max_size=4)), max_size=2
    ),
)


def places(node, path=()):
    """The path of every value of a document."""
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


PLACES = [(pack, place) for pack, document in DOCUMENTS.items() for place in places(document)]


def built(document):
    """The pack, or None where it was refused with reasons."""
    try:
        return build_pack(document, "mutant.toml")
    except InvalidPack:
        return None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_may_be_anything(place, value):
    key, path = place
    document = copy.deepcopy(DOCUMENTS[key])
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    built(document)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES))
def test_anything_may_be_missing(place):
    key, path = place
    document = copy.deepcopy(DOCUMENTS[key])
    node = document
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    built(document)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*DOCUMENTS["luneo"], "x"]), VALUES, max_size=4))
def test_a_document_of_anything(document):
    assert built(document) is None


@given(st.dictionaries(st.sampled_from([*DOCUMENTS["luneo"]]), VALUES, max_size=4))
def test_merging_anything_into_a_pack_does_not_break(own):
    assert isinstance(merged(DOCUMENTS["luneo"], own), dict)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 10**400, date(2026, 1, 1)])
def test_odd_numbers_are_refused(value):
    document = copy.deepcopy(DOCUMENTS["luneo"])
    document["escalation"]["warn_at"] = value
    assert built(document) is None
