from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lockout import (
    FORGOTTEN,
    LONGEST,
    NARROW,
    WIDE,
    Counted,
    delay,
    locked_until,
    one_more,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
lanes = st.sampled_from([NARROW, WIDE])
moments = st.timedeltas(timedelta(0), timedelta(days=5000)).map(lambda later: NOON + later)


def after(tries: int, at: datetime = NOON) -> Counted:
    counted = Counted()
    for _try in range(tries):
        counted = one_more(counted, at)
    return counted


@pytest.mark.parametrize("lane", [NARROW, WIDE])
def test_the_first_tries_are_free_and_the_next_waits(lane):
    assert locked_until(after(lane.free - 1), lane, NOON) is None
    assert locked_until(after(lane.free), lane, NOON) == NOON + lane.first


def test_each_further_try_waits_twice_as_long():
    waits = [delay(NARROW.free + more, NARROW) for more in range(4)]
    assert [int(wait.total_seconds()) for wait in waits] == [30, 60, 120, 240]


@given(lane=lanes, tries=st.integers(0, 10**9))
def test_nobody_waits_longer_than_a_quarter_of_an_hour(lane, tries):
    assert timedelta(0) <= delay(tries, lane) <= LONGEST == timedelta(minutes=15)


@given(lane=lanes, tries=st.integers(0, 10**6), at=moments, later=st.timedeltas(timedelta(0)))
def test_a_lock_always_ends(lane, tries, at, later):
    counted = Counted(tries, at)
    until = locked_until(counted, lane, at)
    if until is not None:
        assert locked_until(counted, lane, until) is None
    later = min(later, timedelta(days=3000))
    assert locked_until(counted, lane, at + LONGEST + later) is None


@given(lane=lanes, tries=st.integers(0, 10**6))
def test_more_tries_never_wait_less(lane, tries):
    assert delay(tries, lane) <= delay(tries + 1, lane)


def test_a_day_without_a_try_begins_anew():
    counted = after(50)
    assert one_more(counted, NOON + FORGOTTEN - timedelta(seconds=1)).count == 51
    assert one_more(counted, NOON + FORGOTTEN).count == 1
