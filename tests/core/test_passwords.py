import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.passwords import COMMON, SHORTEST, Weakness, as_typed, weakness

KNOWN = ("dana.ortiz@acme.test", "Dana Ortiz", "Acme Homes", "Corbel")


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", Weakness.SHORT),
        ("elevenchars", Weakness.SHORT),
        ("x" * 201, Weakness.LONG),
        ("Password1234", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("abcabcabcabc", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("987654321098", Weakness.COMMON),
        ("abcdefghijklmn", Weakness.COMMON),
        ("dana.ortiz@acme.test", Weakness.PERSONAL),
        ("DanaOrtiz2026!", Weakness.PERSONAL),
        ("Acme-Homes-1234", Weakness.PERSONAL),
        ("corbel-corbel-1", Weakness.PERSONAL),
        ("Dana likes tiles", None),
        ("a long enough pass phrase", None),
        ("ñandú camina lejos", None),
        ("🏗🏗 grúa 🏗🏗 azul", None),
    ],
)
def test_what_anybody_would_try_first_is_refused(password, found):
    assert weakness(password, KNOWN) is found


@given(st.sampled_from(sorted(COMMON)))
def test_case_does_not_make_a_common_one_better(password):
    assert weakness(password.upper(), ()) in {Weakness.COMMON, Weakness.SHORT}


def test_the_list_holds_none_that_is_too_short_anyway():
    assert [one for one in COMMON if len(one) < SHORTEST] == []


def test_a_keyboard_that_composes_letters_types_the_same():
    assert as_typed("man\u0303ana") == as_typed("ma\u00f1ana")


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=4))
def test_no_text_breaks_it(password, names):
    weakness(password, names)
