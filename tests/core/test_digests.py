"""Letters that gather news come in the morning of who reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.digests import HOUR, next_daily, next_weekly

ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"])
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 6 * 366 * 86_400).map(lambda seconds: BEGIN + timedelta(seconds=seconds))


@given(MOMENTS, ZONES)
def test_it_is_seven_in_the_morning_there(at, zone):
    for due in (next_daily(at, zone), next_weekly(at, zone)):
        assert due.astimezone(ZoneInfo(zone)).hour == HOUR
        assert due > at


@given(MOMENTS, ZONES)
def test_never_further_than_a_day_or_a_week(at, zone):
    one_hour = timedelta(hours=1)  # where clocks are moved
    assert next_daily(at, zone) - at <= timedelta(days=1) + one_hour
    assert next_weekly(at, zone) - at <= timedelta(days=7) + one_hour
    assert next_weekly(at, zone).astimezone(ZoneInfo(zone)).weekday() == 0


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23T11:59:59", "2026-11-23T12:00:00"),  # a Monday, 7:00 in New York
        ("2026-11-23T12:00:00", "2026-11-24T12:00:00"),
        ("2026-10-31T12:00:00", "2026-11-01T12:00:00"),  # the night on which the clock goes back
        ("2026-03-07T12:00:00", "2026-03-08T11:00:00"),  # … and on
    ],
)
def test_days(at, due):
    began = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert next_daily(began, "America/New_York") == datetime.fromisoformat(due).replace(tzinfo=UTC)
