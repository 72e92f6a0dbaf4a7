"""Names and addresses out of what others wrote, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.privacy.words import Words

ANA = Words("Ana María Ruiz", "ana.ruiz+x@example.com", "Former client", "(address removed)")
WORDY = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dear Ana María Ruiz, hello", "Dear Former client, hello"),
        ("ana  maría\nruiz", "Former client"),
        ("I, ANA MARÍA RUIZ, said", "I, Former client, said"),
        ("Ruiz, Ana María called", "Former client called"),
        ("plan_Ana_María_Ruiz_2.pdf", "plan_Former client_2.pdf"),
        ("Ana-María-Ruiz.pdf", "Former client.pdf"),
        ("to ANA.RUIZ+X@example.com.", "to (address removed)."),
        ("?to=ana.ruiz%2Bx%40example.com&a=1", "?to=(address removed)&a=1"),
        ("%3Cana.ruiz+x@example.com%3E", "%3C(address removed)%3E"),
        ("<ana.ruiz+x@example.com>", "<(address removed)>"),
        (" ana.ruiz+x@example.com ", ""),
        ("Ana María Ruiz ", "Former client"),
    ],
)
def test_it_goes_wherever_it_stands(text: str, left: str) -> None:
    assert ANA.out_of(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Ana went home",
        "Mariana María Ruizal",
        "susana.ruiz+x@example.com",
        "ana.ruiz+x@example.com.mx",
        "ana.ruiz+x@example.community",
        "banana.ruiz+x@example.com",
        "",
    ],
)
def test_others_and_words_stay(text: str) -> None:
    assert ANA.out_of(text) == text


def test_a_name_of_one_word_goes_from_where_it_stands_alone() -> None:
    client = Words("Client", "c@example.com", "Former client", "-")
    assert client.out_of("Client") == "Former client"
    assert client.out_of("The client asked") == "The client asked"


def test_what_is_escaped_for_a_page_goes_too() -> None:
    brien = Words("Pat O'Brien & Co", "p'b@example.com", "Former", "-")
    assert brien.out_of("<b>Pat O&#x27;Brien &amp; Co</b>") == "<b>Former</b>"
    assert brien.out_of("mailto:p&#x27;b@example.com?") == "mailto:-?"


def test_it_goes_through_what_json_is_made_of_and_leaves_the_rest_as_it_is() -> None:
    facts = {"by": "Ana María Ruiz", "n": 3, "list": [{"to": "ana.ruiz+x@example.com"}], "x": None}
    assert ANA.out_of(facts) == {"by": "Former client", "n": 3, "list": [{"to": ""}], "x": None}
    untouched = {"by": "Bob", "list": [1, "two"]}
    assert ANA.out_of(untouched) is untouched


@given(WORDY, WORDY)
def test_no_name_or_address_is_left_between_any_words(before: str, after: str) -> None:
    left = ANA.out_of(f"{before} Ana María Ruiz <ana.ruiz+x@example.com> {after}")
    assert "Ana María Ruiz <" not in left
    assert "<ana.ruiz" not in left
    assert ANA.out_of(left) == left
