import pytest

from portal.foundation.sealing import SealBroken, seal, sealing_key, unseal

KEY = sealing_key("a secret key")


def test_what_is_sealed_can_be_read_again_and_by_nobody_else():
    sealed = seal(KEY, "clientgeheimnis ß")
    assert "geheimnis" not in sealed
    assert unseal(KEY, sealed) == "clientgeheimnis ß"
    with pytest.raises(SealBroken):
        unseal(sealing_key("another"), sealed)


def test_the_same_secret_never_looks_the_same():
    assert seal(KEY, "a") != seal(KEY, "a")


@pytest.mark.parametrize("broken", ["", "plain", "gAAAA", "é"])
def test_what_was_not_sealed_is_not_read(broken):
    with pytest.raises(SealBroken):
        unseal(KEY, broken)


def test_a_changed_one_neither():
    sealed = seal(KEY, "a secret")
    with pytest.raises(SealBroken):
        unseal(KEY, sealed[:-4] + "AAA=")
