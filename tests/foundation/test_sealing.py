import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.sealing import Unreadable, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.text(max_size=200))
def test_what_was_sealed_is_read_again_with_its_key_alone(plain):
    sealed = seal(KEY, plain)
    assert unseal(KEY, sealed) == plain
    with pytest.raises(Unreadable):
        unseal(OTHER, sealed)


def test_it_hides_what_it_holds_and_never_looks_the_same():
    assert "larkspur" not in seal(KEY, "larkspur")
    assert seal(KEY, "larkspur") != seal(KEY, "larkspur")


@pytest.mark.parametrize("broken", ["", "x", "é", "gAAAAA"])
def test_what_was_changed_is_refused(broken):
    with pytest.raises(Unreadable):
        unseal(KEY, broken)
    with pytest.raises(Unreadable):
        unseal(KEY, seal(KEY, "larkspur")[:-4] + "AAA=")
