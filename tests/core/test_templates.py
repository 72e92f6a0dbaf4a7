import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.templates import (
    Unfilled,
    fill,
    left_open,
    missing,
    placeholders,
    preview,
    put_in,
)

BODY = "Hello {name}, we answer by {next_update}. Bye, {name}."


def test_placeholders_in_reading_order_once():
    assert placeholders(BODY) == ("name", "next_update")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{0}",
        "{Name}",
        "{na me}",
        "{name!r}",
        "{name:>10}",
        "{name.__class__}",
        "{name[0]}",
        "{ name }",
        "{" + "a" * 61 + "}",
        "{ñ}",
        "%(name)s",
        "$name",
    ],
)
def test_nothing_else_is_a_placeholder(text):
    assert placeholders(text) == ()
    assert fill(text, required=(), values={"name": "x"}) == text


def test_fill():
    values = {"name": " Ana ", "next_update": "10:30"}
    assert (
        fill(BODY, required=("name",), values=values) == "Hello Ana, we answer by 10:30. Bye, Ana."
    )


def test_unfilled_gaps_are_named_in_the_order_asked():
    with pytest.raises(Unfilled) as refused:
        fill(BODY, required=("owner", "next_update"), values={"owner": "  ", "name": "Ana"})
    assert refused.value.missing == ("owner", "next_update")
    assert str(refused.value) == "still open: owner, next_update"


def test_what_is_required_counts_even_without_a_gap():
    assert missing(("owner",), {}) == ("owner",)
    with pytest.raises(Unfilled):
        fill("no gap", required=("owner",), values={})


def test_values_are_never_read_as_templates():
    values = {"name": "{next_update}", "next_update": "{name} \\1 \\g<0>"}
    assert fill("{name}|{next_update}", required=(), values=values) == (
        "{next_update}|{name} \\1 \\g<0>"
    )


def test_put_in_keeps_blanks_and_spaces():
    assert put_in("by {when}{on_plan}.", {"when": "10:30", "on_plan": ""}) == "by 10:30."
    assert put_in("by {when}{on_plan}.", {"on_plan": ", x "}) == "by {when}, x ."


def test_preview_leaves_what_is_not_known():
    assert preview(BODY, {"name": "Ana", "next_update": " "}) == (
        "Hello Ana, we answer by {next_update}. Bye, Ana."
    )


def test_left_open_finds_gaps_in_an_edited_reply():
    assert left_open("We treat it as {severity}. {owner}", ("owner", "severity", "next")) == (
        "owner",
        "severity",
    )
    assert left_open("All said. {not_a_field}", ("owner",)) == ()


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b"]), st.text()))
def test_any_body_is_filled_or_refused(body, values):
    still_open = missing(placeholders(body), values)
    if still_open:
        with pytest.raises(Unfilled) as refused:
            fill(body, required=(), values=values)
        assert refused.value.missing == still_open
    else:
        filled = fill(body, required=(), values=values)
        assert placeholders(body) or filled == body


@given(st.text(), st.text())
def test_a_value_arrives_as_it_was(before, value):
    body = before.replace("{", "").replace("}", "") + "{gap}"
    if value.strip():
        assert fill(body, required=("gap",), values={"gap": value}).endswith(value.strip())
