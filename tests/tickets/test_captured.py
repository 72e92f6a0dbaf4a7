import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.tickets.captured import LONGEST_VALUE, MOST_ERRORS, read_captured, web_address


def test_what_the_page_gathers_is_kept():
    told = {
        "page_url": "https://app.test/projects/4?tab=crew",
        "browser": "Chrome 142, macOS",
        "viewport": "1440 × 900",
        "errors": [{"at": "2026-11-24T10:00:00Z", "message": "TypeError"}],
        "unknown": "dropped",
    }
    kept = dict(told)
    del kept["unknown"]
    assert read_captured(json.dumps(told)) == kept


def test_secrets_are_removed_from_every_part():
    key = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    told = {"page_url": f"https://a.test/?t={key}", "errors": [{"message": f"sent {key}"}]}
    assert key not in str(read_captured(json.dumps(told)))


def test_it_is_cut_to_size():
    told = {"browser": "x" * 9_000, "errors": [{"message": "e"}] * 50}
    kept = read_captured(json.dumps(told))
    assert len(kept["browser"]) == LONGEST_VALUE
    assert len(kept["errors"]) == MOST_ERRORS


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//evil.test", "https://", "ftp://a.test", "x", ""],
)
def test_no_address_of_the_web_is_no_address(address):
    assert web_address(address) == ""


@pytest.mark.parametrize("address", ["/projects/4", "https://app.test/x", "http://localhost:3000/"])
def test_an_address_of_the_web_is_kept(address):
    assert web_address(address) == address


def test_half_characters_and_nulls_do_not_reach_the_database():
    kept = read_captured('{"browser": "a\\ud800b\\u0000c", "page_url": "/x\\ud800"}')
    assert kept == {"browser": "a?bc", "page_url": "/x?"}


@given(st.text(max_size=300))
def test_any_text_is_survived(raw):
    read_captured(raw)
    web_address(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(["browser", "errors", "page_url", "locale"]), json_values))
def test_any_json_is_survived_and_what_remains_can_be_kept(told):
    kept = json.dumps(read_captured(json.dumps(told)), ensure_ascii=False)
    kept.encode()  # refuses half a surrogate pair
    assert "\\u0000" not in kept
