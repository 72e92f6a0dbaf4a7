"""Settings that mean something other than what is written."""

from datetime import timedelta

import pytest

from portal.config import Settings, SettingsError


def test_days_that_things_are_kept() -> None:
    usual = Settings.from_env({})
    assert usual.events_kept == timedelta(days=30)
    assert usual.letters_kept == timedelta(days=90)
    own = Settings.from_env({"CORBEL_KEEP_EVENTS_DAYS": "7", "CORBEL_KEEP_LETTERS_DAYS": "0"})
    assert own.events_kept == timedelta(days=7)
    assert own.letters_kept is None


@pytest.mark.parametrize("days", ["-1", "a week", "99999"])
def test_days_that_are_none(days: str) -> None:
    with pytest.raises(SettingsError, match=r"CORBEL_KEEP_EVENTS_DAYS: .* is not a whole number"):
        Settings.from_env({"CORBEL_KEEP_EVENTS_DAYS": days})
