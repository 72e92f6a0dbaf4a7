"""Back by months of the calendar, on to the next night."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.retention import months_before, next_night

START = datetime(2010, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 90 * 365 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute))
ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Madrid", "Australia/Lord_Howe"])


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ((2026, 11, 24), 1, (2026, 10, 24)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
        ((2026, 12, 31), 36, (2023, 12, 31)),
    ],
)
def test_months_are_those_of_the_calendar(moment, months, before):
    assert months_before(datetime(*moment, tzinfo=UTC), months) == datetime(*before, tzinfo=UTC)


@given(MOMENTS, st.integers(1, 240))
def test_more_months_are_further_back(moment, months):
    assert months_before(moment, months + 1) < months_before(moment, months) < moment


@given(MOMENTS, ZONES)
def test_the_next_night_is_within_a_day_or_so(moment, zone):
    night = next_night(moment, zone)
    assert moment < night <= moment + timedelta(hours=26)
