from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import Calendar, CalendarError, is_open
from portal.core.pauses import cut, due_at, running_between, united

WORKDAYS = Calendar("Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)})
NIGHTS = Calendar("Europe/Berlin", {day: [("01:00", "04:00")] for day in range(7)})
MINUTE = timedelta(minutes=1)


def monday(hour: float) -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)


def hours(figure: float) -> timedelta:
    return timedelta(hours=figure)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], 14),
        ([(11, 12)], 15),
        ([(11, 12), (11.5, 12.5)], 15.5),
        ([(11.5, 12.5), (11, 12)], 15.5),
        ([(11, 12), (12, 13)], 16),
        ([(9, 11)], 15),
        ([(1, 9)], 14),
        ([(14, 20)], 14),
        ([(13.5, 30)], 30.5),
        ([(12, 12)], 14),
        ([(10, 40)], 44),
    ],
)
def test_elapsed_time_stands_still_in_pauses(pauses: list[tuple[float, float]], due: float) -> None:
    spans = [(monday(begins), monday(ends)) for begins, ends in pauses]
    assert due_at(None, monday(10), hours(4), spans) == monday(due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], 14),
        ([(11, 12)], 15),
        ([(12, 24 + 9)], 24 + 11),
        ([(16, 24 + 9)], 14),
        ([(13, 20)], 24 + 9),
        ([(-60, 9)], 14),
    ],
)
def test_a_pause_costs_only_its_open_time(pauses: list[tuple[float, float]], due: float) -> None:
    spans = [(monday(begins), monday(ends)) for begins, ends in pauses]
    assert due_at(WORKDAYS, monday(10), hours(4), spans) == monday(due)


def test_a_pause_on_the_day_of_a_clock_change() -> None:
    start = datetime(2026, 10, 24, 23, tzinfo=UTC)
    pause = (start + hours(1), start + hours(2))
    assert due_at(NIGHTS, start, hours(3), [pause]) == start + hours(4)
    assert due_at(NIGHTS, start, hours(3.5), [pause]) == start + hours(25.5)


def test_no_duration_is_due_at_once() -> None:
    assert due_at(None, monday(10), timedelta(), [(monday(9), monday(12))]) == monday(10)


def test_the_answer_is_in_utc() -> None:
    start = monday(10).astimezone(ZoneInfo("Asia/Tokyo"))
    assert due_at(None, start, hours(1)).tzinfo is UTC


def test_reversed_and_naive_pauses_are_refused() -> None:
    with pytest.raises(CalendarError, match="before it begins"):
        due_at(None, monday(10), hours(4), [(monday(12), monday(11))])
    with pytest.raises(CalendarError, match="no time zone"):
        due_at(None, monday(10), hours(4), [(monday(11), datetime(2026, 11, 23))])  # noqa: DTZ001
    with pytest.raises(CalendarError, match="no time zone"):
        due_at(None, datetime(2026, 11, 23), hours(4))  # noqa: DTZ001
    with pytest.raises(CalendarError, match="negative"):
        due_at(None, monday(10), -MINUTE)


def test_cutting_keeps_what_lies_within() -> None:
    spans = [(monday(8), monday(10)), (monday(9), monday(11)), (monday(15), monday(20))]
    assert cut(spans, monday(10.5), monday(16)) == (
        (monday(10.5), monday(11)),
        (monday(15), monday(16)),
    )


moments = st.integers(0, 14 * 24 * 60).map(lambda minute: monday(0) + minute * MINUTE)
pause_lists = st.lists(st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair))))
calendars = st.sampled_from([None, WORKDAYS, NIGHTS])


@given(calendars, moments, st.integers(1, 3000), pause_lists)
def test_exactly_the_duration_runs_outside_the_pauses(
    calendar: Calendar | None,
    start: datetime,
    minutes: int,
    pauses: list[tuple[datetime, datetime]],
) -> None:
    due = due_at(calendar, start, minutes * MINUTE, pauses)
    assert running_between(calendar, start, due, pauses) == minutes * MINUTE
    last = due - timedelta(microseconds=1)
    assert calendar is None or is_open(calendar, last)
    assert not any(begins <= last < ends for begins, ends in pauses)


@given(pause_lists)
def test_united_pauses_hold_the_same_minutes_once(
    pauses: list[tuple[datetime, datetime]],
) -> None:
    spans = united(pauses)
    minutes = {
        begins + i * MINUTE for begins, ends in pauses for i in range((ends - begins) // MINUTE)
    }
    assert sum((ends - begins) // MINUTE for begins, ends in spans) == len(minutes)
    assert all(any(begins <= minute < ends for begins, ends in spans) for minute in minutes)
    assert list(spans) == sorted(spans)
