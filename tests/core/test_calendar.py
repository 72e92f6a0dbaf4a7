from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.core.calendar import (
    Calendar,
    CalendarError,
    add_open_time,
    add_time,
    closing_of,
    closings_after,
    in_utc,
    is_open,
    local_date,
    next_opening,
    open_between,
    open_intervals,
    time_between,
)

WORKDAYS = {day: [("09:00", "17:00")] for day in range(5)}
ALL_DAY = {day: [("00:00", "24:00")] for day in range(7)}
NIGHT = {day: [("01:00", "04:00")] for day in range(7)}
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

# A local date on or next to which the clock changes; the odd ones change at midnight, by half an
# hour, at one minute past midnight or by a whole day.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/St_Johns", date(2010, 11, 6)),
    ("America/St_Johns", date(2011, 3, 13)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("UTC", date(2026, 1, 1)),
]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def hours(*figures: float) -> timedelta:
    return timedelta(hours=sum(figures))


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 3),
        ("Europe/Berlin", date(2026, 3, 29), 2),
        ("Europe/Berlin", date(2026, 10, 25), 4),
        ("America/New_York", date(2026, 3, 8), 2),
        ("America/New_York", date(2026, 11, 1), 4),
        ("Australia/Lord_Howe", date(2026, 10, 4), 2.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 3.5),
    ],
)
def test_night_hours_are_as_long_as_they_really_are(zone: str, day: date, expected: float) -> None:
    calendar = Calendar(zone, NIGHT)
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    assert open_between(calendar, noon - hours(14), noon) == hours(expected)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Asia/Beirut", date(2026, 3, 29), 23),
        ("Asia/Beirut", date(2026, 10, 24), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 29), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_a_whole_day_where_the_clock_changes_at_midnight(
    zone: str, day: date, expected: float
) -> None:
    calendar = Calendar(zone, {}, special={day: [("00:00", "24:00")], date(2040, 1, 1): [NINE]})
    noon = datetime.combine(day, time(12), UTC)
    assert open_between(calendar, noon - hours(72), noon + hours(72)) == hours(expected)


NINE = ("09:00", "10:00")


@pytest.mark.parametrize(
    ("interval", "opens", "closes"),
    [
        (("01:00", "02:00"), utc(2026, 3, 29, 0), utc(2026, 3, 29, 1)),
        (("01:30", "02:30"), utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1)),
        (("02:30", "03:30"), utc(2026, 3, 29, 1), utc(2026, 3, 29, 1, 30)),
        (("03:00", "04:00"), utc(2026, 3, 29, 1), utc(2026, 3, 29, 2)),
    ],
)
def test_an_edge_that_the_clock_skips_is_the_moment_of_the_skip(
    interval: tuple[str, str], opens: datetime, closes: datetime
) -> None:
    calendar = Calendar("Europe/Berlin", {6: [interval]})
    day = utc(2026, 3, 28, 20), utc(2026, 3, 29, 20)
    assert open_intervals(calendar, *day) == [(opens, closes)]


def test_an_interval_skipped_whole_is_not_open() -> None:
    calendar = Calendar("Europe/Berlin", {6: [("02:10", "02:50")]})
    assert open_intervals(calendar, utc(2026, 3, 28), utc(2026, 3, 30)) == []
    assert closing_of(calendar, date(2026, 3, 29)) is None
    assert closing_of(calendar, date(2026, 4, 5)) == utc(2026, 4, 5, 0, 50)


@pytest.mark.parametrize(
    ("interval", "opens", "closes"),
    [
        (("01:00", "02:00"), utc(2026, 10, 24, 23), utc(2026, 10, 25, 0)),
        (("01:30", "02:30"), utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 1, 30)),
        (("02:00", "03:00"), utc(2026, 10, 25, 0), utc(2026, 10, 25, 2)),
        (("02:30", "03:30"), utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 2, 30)),
        (("03:00", "04:00"), utc(2026, 10, 25, 2), utc(2026, 10, 25, 3)),
    ],
)
def test_an_hour_that_comes_twice_is_open_from_the_first_to_the_last_time_round(
    interval: tuple[str, str], opens: datetime, closes: datetime
) -> None:
    calendar = Calendar("Europe/Berlin", {6: [interval]})
    day = utc(2026, 10, 24, 20), utc(2026, 10, 25, 20)
    assert open_intervals(calendar, *day) == [(opens, closes)]


def test_half_past_one_comes_twice_and_each_counts_from_its_own() -> None:
    calendar = Calendar("America/New_York", NIGHT)
    first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    assert add_open_time(calendar, first, hours(1)) == utc(2026, 11, 1, 6, 30)
    assert add_open_time(calendar, first.replace(fold=1), hours(1)) == utc(2026, 11, 1, 7, 30)


def test_a_duration_that_fills_the_day_ends_at_its_close() -> None:
    calendar = Calendar("Europe/Berlin", WORKDAYS)
    assert add_open_time(calendar, utc(2026, 11, 23, 8), hours(8)) == utc(2026, 11, 23, 16)


def test_time_outside_hours_does_not_count() -> None:
    calendar = Calendar("Europe/Berlin", WORKDAYS)
    friday_evening = utc(2026, 11, 20, 22)
    assert add_open_time(calendar, friday_evening, hours(2)) == utc(2026, 11, 23, 10)
    assert open_between(calendar, friday_evening, utc(2026, 11, 23, 10)) == hours(2)


def test_answers_are_in_utc_whatever_zone_asks() -> None:
    calendar = Calendar("Europe/Berlin", WORKDAYS)
    start = datetime(2026, 11, 23, 18, tzinfo=ZoneInfo("Asia/Tokyo"))
    due = add_open_time(calendar, start, hours(1))
    assert due == utc(2026, 11, 23, 10)
    assert due.tzinfo is UTC
    spans = open_intervals(calendar, start, start + hours(24))
    assert {moment.tzinfo for span in spans for moment in span} == {UTC}


def test_no_duration_ends_at_once_or_at_the_next_opening() -> None:
    calendar = Calendar("UTC", WORKDAYS)
    assert add_open_time(calendar, utc(2026, 11, 23, 10), timedelta()) == utc(2026, 11, 23, 10)
    assert add_open_time(calendar, utc(2026, 11, 23, 17), timedelta()) == utc(2026, 11, 24, 9)
    assert next_opening(calendar, utc(2026, 11, 21)) == utc(2026, 11, 23, 9)


def test_open_at_the_opening_instant_and_shut_at_the_close() -> None:
    calendar = Calendar("UTC", WORKDAYS)
    assert is_open(calendar, utc(2026, 11, 23, 9))
    assert is_open(calendar, utc(2026, 11, 23, 16, 59, 59, 999999))
    assert not is_open(calendar, utc(2026, 11, 23, 17))
    assert not is_open(calendar, utc(2026, 11, 23, 8, 59, 59, 999999))


def test_hours_over_midnight_are_one_interval() -> None:
    calendar = Calendar("UTC", {4: [("22:00", "24:00")], 5: [("00:00", "02:00")]})
    start, end = utc(2026, 11, 20), utc(2026, 11, 22)
    assert open_intervals(calendar, start, end) == [(utc(2026, 11, 20, 22), utc(2026, 11, 21, 2))]


def test_an_always_open_calendar_is_one_interval_of_elapsed_time() -> None:
    calendar = Calendar("America/New_York", ALL_DAY)
    start, end = utc(2020, 1, 1), utc(2029, 6, 5, 4, 3, 2, 1)
    assert open_intervals(calendar, start, end) == [(start, end)]
    assert open_between(calendar, start, end) == end - start
    assert add_open_time(calendar, start, end - start) == end


def test_intervals_are_cut_to_the_question() -> None:
    calendar = Calendar("UTC", WORKDAYS)
    start, end = utc(2026, 11, 23, 10), utc(2026, 11, 24, 11)
    assert open_intervals(calendar, start, end) == [
        (start, utc(2026, 11, 23, 17)),
        (utc(2026, 11, 24, 9), end),
    ]
    assert open_intervals(calendar, start, start) == []


def test_closed_days_and_special_days() -> None:
    holiday, short = date(2026, 12, 25), date(2026, 12, 24)
    calendar = Calendar(
        "UTC", WORKDAYS, closed={holiday, short}, special={short: [("09:00", "11:00")]}
    )
    assert open_between(calendar, utc(2026, 12, 24), utc(2026, 12, 26)) == hours(2)
    assert open_between(calendar, utc(2026, 12, 23), utc(2026, 12, 24)) == hours(8)


def test_a_special_day_without_hours_is_closed() -> None:
    calendar = Calendar("UTC", WORKDAYS, special={date(2026, 11, 23): []})
    assert next_opening(calendar, utc(2026, 11, 23)) == utc(2026, 11, 24, 9)


def test_times_as_text_and_as_time_are_the_same_calendar() -> None:
    text = Calendar("UTC", {0: [("09:00", "24:00"), ("06:00:30", "07:00")]})
    typed = Calendar(ZoneInfo("UTC"), {0: ((time(6, 0, 30), time(7)), (time(9), time(0)))})
    assert text == typed
    assert hash(text) == hash(typed)
    assert text != Calendar("UTC", {0: [("09:00", "24:00")]})


def test_later_changes_to_what_it_was_made_of_do_not_reach_a_calendar() -> None:
    week, closed = {0: [("09:00", "17:00")]}, {date(2026, 11, 23)}
    calendar = Calendar("UTC", week, closed)
    week[0].append(("18:00", "19:00"))
    closed.clear()
    assert open_between(calendar, utc(2026, 11, 23), utc(2026, 12, 1)) == hours(8)


def test_local_date_and_last_close_of_a_day() -> None:
    calendar = Calendar("America/New_York", {0: [("09:00", "12:00"), ("13:00", "17:00")]})
    assert local_date(calendar, utc(2026, 11, 24, 2)) == date(2026, 11, 23)
    assert closing_of(calendar, date(2026, 11, 23)) == utc(2026, 11, 23, 22)
    assert closing_of(calendar, date(2026, 11, 24)) is None


def test_closings_skip_closed_days_and_end_with_a_reason() -> None:
    calendar = Calendar("UTC", {}, special={date(2026, 1, 5): [NINE], date(2026, 3, 5): [NINE]})
    closings = closings_after(calendar, date(2026, 1, 5))
    assert next(closings) == utc(2026, 3, 5, 10)
    with pytest.raises(CalendarError, match="too few open days after 2026-01-05"):
        next(closings)


def test_elapsed_time_where_there_is_no_calendar() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    end = datetime(2026, 3, 29, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert time_between(None, start, end) == hours(23)
    assert add_time(None, start, hours(23)) == in_utc(end)
    with pytest.raises(CalendarError, match="negative"):
        add_time(None, start, -MINUTE)
    with pytest.raises(CalendarError, match="before the start"):
        time_between(None, end, start)


@pytest.mark.parametrize(
    ("week", "reason"),
    [
        ({0: [("17:00", "09:00")]}, "17:00–09:00 on weekday 0 closes before it opens"),
        ({1: [("09:00", "09:00")]}, "09:00–09:00 on weekday 1 is empty"),
        ({1: [(time(0), time(0))]}, "is empty"),
        ({1: [("09:00", "00:00")]}, "closes before it opens"),
        ({2: [("09:00", "12:00"), ("11:30", "17:00")]}, "overlap on weekday 2.*11:30"),
        ({2: [("09:00", "12:00"), ("09:00", "12:00")]}, "overlap"),
        ({7: [("09:00", "17:00")]}, "0 .Monday. to 6, not 7"),
        ({-1: [("09:00", "17:00")]}, "0 .Monday. to 6, not -1"),
        ({"0": [("09:00", "17:00")]}, "0 .Monday. to 6, not '0'"),
        ({True: [("09:00", "17:00")]}, "not True"),
        ({0: [("9", "17:00")]}, "'9' on weekday 0 is not a time as HH:MM"),
        ({0: [("09:00", "24:30")]}, "'24:30' on weekday 0 is not a time"),
        ({0: [("24:00", "24:00")]}, "is empty"),
        ({0: [(9, 17)]}, "9 on weekday 0 is not a time"),
        ({0: [("09:00", "17:00", "18:00")]}, "an interval is .open, close."),
        ({0: ("09:00", "17:00")}, "an interval is .open, close."),
        ({0: [(time(9, tzinfo=UTC), time(17))]}, "a time zone of its own"),
        ({}, "never opens"),
        ({0: [], 3: ()}, "never opens"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused(week: dict[int, object], reason: str) -> None:
    with pytest.raises(CalendarError, match=reason):
        Calendar("UTC", week)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe", None, 5])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError, match="unknown time zone"):
        Calendar(zone, WORKDAYS)


@pytest.mark.parametrize("day", ["2026-12-25", datetime(2026, 12, 25, tzinfo=UTC), 5])
def test_a_day_that_is_no_date_is_refused(day: date) -> None:
    with pytest.raises(CalendarError, match="a day is a date"):
        Calendar("UTC", WORKDAYS, closed=[day])
    with pytest.raises(CalendarError, match="a day is a date"):
        Calendar("UTC", WORKDAYS, special={day: []})


def test_special_days_are_checked_like_the_week() -> None:
    with pytest.raises(CalendarError, match="on 2026-12-24 closes before it opens"):
        Calendar("UTC", WORKDAYS, special={date(2026, 12, 24): [("12:00", "09:00")]})
    with pytest.raises(CalendarError, match="never opens"):
        Calendar("UTC", {}, special={date(2026, 12, 24): []})


def test_naive_datetimes_are_refused() -> None:
    calendar = Calendar("UTC", WORKDAYS)
    naive, aware = datetime(2026, 11, 23), utc(2026, 11, 24)  # noqa: DTZ001
    for ask in (
        lambda: add_open_time(calendar, naive, HOUR),
        lambda: open_between(calendar, naive, aware),
        lambda: open_between(calendar, aware, naive),
        lambda: is_open(calendar, naive),
        lambda: open_intervals(calendar, naive, aware),
        lambda: next_opening(calendar, naive),
        lambda: local_date(calendar, naive),
        lambda: add_time(None, naive, HOUR),
    ):
        with pytest.raises(CalendarError, match="has no time zone"):
            ask()


def test_backward_questions_are_refused() -> None:
    calendar = Calendar("UTC", WORKDAYS)
    start, end = utc(2026, 11, 24), utc(2026, 11, 23)
    with pytest.raises(CalendarError, match="cannot be negative"):
        add_open_time(calendar, start, -MINUTE)
    with pytest.raises(CalendarError, match="lies before the start"):
        open_between(calendar, start, end)
    with pytest.raises(CalendarError, match="lies before the start"):
        open_intervals(calendar, start, end)


def test_a_calendar_of_special_days_runs_out_with_a_reason() -> None:
    calendar = Calendar("Pacific/Auckland", {}, special={date(2026, 6, 6): [NINE]})
    opens = utc(2026, 6, 5, 21)
    assert add_open_time(calendar, utc(2020, 1, 1), HOUR) == opens + HOUR
    for start, duration in ((opens, HOUR + MINUTE), (opens + HOUR, timedelta()), (opens, 9 * HOUR)):
        with pytest.raises(CalendarError, match="no more open time"):
            add_open_time(calendar, start, duration)
    assert open_between(calendar, opens, utc(9999, 1, 1)) == HOUR


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
def test_the_ends_of_time(zone: str) -> None:
    calendar = Calendar(zone, ALL_DAY)
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    day = timedelta(days=1)
    assert add_open_time(calendar, last - 3 * day, day) == last - 2 * day
    assert open_between(calendar, first + day, first + 3 * day) == 2 * day
    with pytest.raises(CalendarError, match="no more open time"):
        add_open_time(calendar, last - day, timedelta(days=999_999))
    with pytest.raises(CalendarError, match="years 1 to 9999"):
        add_time(None, last, MINUTE)
    for at in (first, last):
        is_open(calendar, at)
        open_intervals(calendar, at, at)


def test_a_moment_outside_the_years_of_the_zone_has_no_date() -> None:
    calendar = Calendar("Pacific/Kiritimati", ALL_DAY)
    with pytest.raises(CalendarError, match="has no date in Pacific/Kiritimati"):
        local_date(calendar, datetime.max.replace(tzinfo=UTC))


def test_more_years_than_are_kept_in_memory() -> None:
    calendar = Calendar("UTC", {0: [("00:00", "00:01")]})
    due = utc(1970, 1, 5, 0, 1) + timedelta(weeks=4199)
    assert add_open_time(calendar, utc(1970, 1, 1), 4200 * MINUTE) == due
    assert len(calendar._blocks) <= 512


# Properties: random hours, asked around the days on which the clocks change.


@st.composite
def day_hours(draw: st.DrawFn) -> list[tuple[str, str]]:
    edges = draw(st.lists(st.integers(0, 96), unique=True, max_size=6).map(sorted))
    text = [f"{edge // 4:02}:{edge % 4 * 15:02}" for edge in edges]
    return list(zip(text[::2], text[1::2], strict=False))


@st.composite
def changing_calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    zone, day = draw(st.sampled_from(CHANGES))
    near = st.integers(-2, 2).map(lambda days: day + timedelta(days=days))
    week = draw(st.dictionaries(st.integers(0, 6), day_hours()))
    week[(day.weekday() + draw(st.integers(-1, 1))) % 7] = [
        draw(st.sampled_from([("00:00", "24:00"), ("01:00", "04:00"), ("23:15", "24:00")]))
    ]
    calendar = Calendar(
        zone,
        week,
        closed=draw(st.sets(near, max_size=1)),
        special=draw(st.dictionaries(near, day_hours(), max_size=2)),
    )
    return calendar, day


def instants_near(day: date, days: int = 3) -> st.SearchStrategy[datetime]:
    noon = datetime.combine(day, time(12), UTC)
    reach = days * 24 * 60 * 60 * 1_000_000
    return st.integers(-reach, reach).map(lambda us: noon + timedelta(microseconds=us))


durations = st.one_of(
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=30)),
    st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)


def minutes_open(calendar: Calendar, start: datetime, end: datetime) -> set[datetime]:
    """The open minutes by the definition, each instant asked for its wall clock."""
    seen: dict[date, list[tuple[datetime, timedelta]]] = {}
    at = start - timedelta(days=3)
    while at < end + timedelta(days=3):
        wall = at.astimezone(calendar.zone)
        since_midnight = timedelta(hours=wall.hour, minutes=wall.minute)
        seen.setdefault(wall.date(), []).append((at, since_midnight))
        at += MINUTE
    return {
        minute
        for day, walls in seen.items()
        for opens, closes in calendar.hours(day)
        for minute in hull([at for at, wall in walls if opens <= wall < closes])
        if start <= minute < end
    }


def hull(minutes: list[datetime]) -> Iterable[datetime]:
    if minutes:
        for i in range((minutes[-1] - minutes[0]) // MINUTE + 1):
            yield minutes[0] + i * MINUTE


@hypothesis_settings(max_examples=60, deadline=None)
@given(changing_calendars())
def test_every_minute_agrees_with_the_wall_clock(given_calendar: tuple[Calendar, date]) -> None:
    calendar, day = given_calendar
    noon = datetime.combine(day, time(12), UTC)
    start, end = noon - hours(48), noon + hours(48)
    expected = minutes_open(calendar, start, end)
    assert open_between(calendar, start, end) == len(expected) * MINUTE
    spans = open_intervals(calendar, start, end)
    assert {minute for a, b in spans for minute in hull([a, b - MINUTE])} == expected
    for i in range(0, 96 * 60, 7):
        minute = start + i * MINUTE
        assert is_open(calendar, minute) == (minute in expected)


@hypothesis_settings(max_examples=300, deadline=None)
@given(st.data())
def test_adding_and_measuring_are_each_others_inverse(data: st.DataObject) -> None:
    calendar, day = data.draw(changing_calendars())
    start, duration = data.draw(instants_near(day)), data.draw(durations)
    due = add_open_time(calendar, start, duration)
    assert open_between(calendar, start, due) == duration
    assert is_open(calendar, due - timedelta(microseconds=1))
    assert due > start


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.data())
def test_open_time_adds_up_and_never_runs_backwards(data: st.DataObject) -> None:
    calendar, day = data.draw(changing_calendars())
    a, b, c = sorted(data.draw(st.tuples(*[instants_near(day, 40)] * 3)))
    parts = open_between(calendar, a, b) + open_between(calendar, b, c)
    assert parts == open_between(calendar, a, c)
    assert timedelta() <= open_between(calendar, a, b) <= b - a
    duration = data.draw(durations)
    dues = [add_open_time(calendar, at, duration) for at in (a, b, c)]
    assert dues == sorted(dues)
    assert add_open_time(calendar, a, duration + MINUTE) > dues[0]


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.data())
def test_intervals_are_apart_in_order_and_make_up_the_open_time(data: st.DataObject) -> None:
    calendar, day = data.draw(changing_calendars())
    start, end = sorted(data.draw(st.tuples(instants_near(day, 60), instants_near(day, 60))))
    spans = open_intervals(calendar, start, end)
    assert all(opens < closes for opens, closes in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    total = sum((closes - opens for opens, closes in spans), timedelta())
    assert total == open_between(calendar, start, end)
    assert all(next_opening(calendar, opens) == opens for opens, _ in spans)
