from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import Calendar, CalendarError, open_between
from portal.core.targets import (
    Due,
    Kind,
    Review,
    Target,
    TargetError,
    counted_in,
    next_review,
    parse_target,
    promise_for,
)

BERLIN = "Europe/Berlin"
OFFICE = Calendar(
    BERLIN,
    {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in range(5)},
    closed={date(2026, 12, 25)},
    special={date(2026, 12, 24): [("09:00", "12:00")]},
)
ALWAYS = Calendar(BERLIN, {day: [("00:00", "24:00")] for day in range(7)})
GROOMING = Review(BERLIN, 2, time(10))


def berlin(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN))


def respond_by(
    text: str,
    start: datetime,
    calendar: Calendar | None = OFFICE,
    pauses: tuple[tuple[datetime, datetime], ...] = (),
) -> datetime | None:
    due = promise_for(
        parse_target(text),
        calendar=calendar,
        zone=BERLIN,
        start=start,
        pauses=pauses,
        review=GROOMING,
    )
    assert due.outer is None
    return due.respond_by


@pytest.mark.parametrize(
    ("text", "canonical", "target"),
    [
        ("15min", "15min", Target(Kind.SPAN, span=timedelta(minutes=15))),
        ("30 min", "30min", Target(Kind.SPAN, span=timedelta(minutes=30))),
        ("4 hr", "4h", Target(Kind.SPAN, span=timedelta(hours=4))),
        ("24 hours", "24h", Target(Kind.SPAN, span=timedelta(hours=24))),
        ("90 minutes", "1h 30min", Target(Kind.SPAN, span=timedelta(minutes=90))),
        ("1h30min", "1h 30min", Target(Kind.SPAN, span=timedelta(minutes=90))),
        ("<24h", "<24h", Target(Kind.SPAN, span=timedelta(hours=24), under=True)),
        ("< 4 hours", "<4h", Target(Kind.SPAN, span=timedelta(hours=4), under=True)),
        (
            "48h..72h",
            "48h..72h",
            Target(Kind.SPAN, span=timedelta(hours=48), limit=timedelta(hours=72)),
        ),
        (
            "48 hours – 72 hours",
            "48h..72h",
            Target(Kind.SPAN, span=timedelta(hours=48), limit=timedelta(hours=72)),
        ),
        ("1 day", "1 day", Target(Kind.DAYS, days=1)),
        ("2 days", "2 days", Target(Kind.DAYS, days=2)),
        ("1 business day", "1 business day", Target(Kind.BUSINESS_DAYS, days=1)),
        ("2 business  days", "2 business days", Target(Kind.BUSINESS_DAYS, days=2)),
        ("Same day", "same day", Target(Kind.SAME_DAY)),
        ("next review", "next review", Target(Kind.NEXT_REVIEW)),
        ("Best-effort", "best effort", Target(Kind.BEST_EFFORT)),
    ],
)
def test_reading_and_writing(text: str, canonical: str, target: Target) -> None:
    assert parse_target(text) == target
    assert str(target) == canonical
    assert parse_target(canonical) == target


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no target: write 15min"),
        ("soon", "is no target"),
        ("4", "is no target"),
        ("-4h", "is no target"),
        ("4h..", "is no target"),
        ("48-72h", "is no target"),
        ("4h and a bit", "is no target"),
        ("٤h", "is no target"),
        ("business days", "is no target"),
        ("0h", "above zero and within ten years"),
        ("0min", "above zero"),
        ("0 business days", "above zero"),
        ("99999 days", "within ten years"),
        ("999999999h", "within ten years"),
        ("72h..48h", "runs backwards"),
        ("48h..48h", "runs backwards"),
        ("<48h..72h", "exclude each other"),
    ],
)
def test_a_target_that_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TargetError, match=reason):
        parse_target(text)


spans = st.integers(1, 10_000).map(lambda minutes: timedelta(minutes=minutes))


@given(
    st.one_of(
        st.builds(Target, st.just(Kind.SPAN), spans, under=st.booleans()),
        st.builds(
            lambda a, b: Target(Kind.SPAN, min(a, b), max(a, b) + timedelta(minutes=1)),
            spans,
            spans,
        ),
        st.builds(
            Target, st.sampled_from([Kind.DAYS, Kind.BUSINESS_DAYS]), days=st.integers(1, 999)
        ),
    )
)
def test_what_is_written_reads_the_same(target: Target) -> None:
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("15min", berlin(20, 16, 30), berlin(20, 16, 45)),
        ("4h", berlin(20, 16), berlin(23, 12)),
        ("<4h", berlin(20, 16), berlin(23, 12)),
        ("4h", berlin(20, 10), berlin(20, 15)),
        ("2 days", berlin(20, 16), berlin(22, 16)),
        ("same day", berlin(20, 8), berlin(20, 17)),
        ("same day", berlin(20, 12, 30), berlin(20, 17)),
        ("same day", berlin(20, 16, 59), berlin(20, 17)),
        ("same day", berlin(20, 17), berlin(23, 17)),
        ("same day", berlin(21, 12), berlin(23, 17)),
        ("same day", berlin(24, 8, month=12), berlin(24, 12, month=12)),
        ("same day", berlin(24, 12, month=12), berlin(28, 17, month=12)),
        ("1 business day", berlin(19, 8), berlin(20, 17)),
        ("1 business day", berlin(20, 16), berlin(23, 17)),
        ("1 business day", berlin(20, 23), berlin(23, 17)),
        ("1 business day", berlin(21, 12), berlin(23, 17)),
        ("2 business days", berlin(20, 16), berlin(24, 17)),
        ("2 business days", berlin(23, 9, month=12), berlin(28, 17, month=12)),
        ("1 business day", berlin(23, 9, month=12), berlin(24, 12, month=12)),
        ("next review", berlin(20, 16), berlin(25, 10)),
        ("next review", berlin(25, 9, 59), berlin(25, 10)),
        ("next review", berlin(25, 10), berlin(2, 10, month=12)),
    ],
)
def test_promises_in_office_hours(text: str, start: datetime, due: datetime) -> None:
    assert respond_by(text, start) == due


@pytest.mark.parametrize(
    ("text", "start", "due"),
    [
        ("4h", berlin(20, 23), berlin(21, 3)),
        ("2 days", berlin(20, 16), berlin(22, 16)),
        ("same day", berlin(20, 16), berlin(20, 23, 59)),
        ("same day", berlin(21, 0), berlin(21, 23, 59)),
        ("same day", berlin(21, 23, 59), berlin(22, 23, 59)),
        ("next review", berlin(20, 16), berlin(25, 10)),
    ],
)
def test_promises_in_elapsed_time(text: str, start: datetime, due: datetime) -> None:
    assert respond_by(text, start, calendar=None) == due


def test_the_day_ends_in_the_zone_not_where_the_question_comes_from() -> None:
    start = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert respond_by("same day", start, calendar=None) == berlin(21, 23, 59)
    assert respond_by("1 business day", start) == berlin(23, 17)


def test_an_always_open_desk_ends_its_day_before_midnight() -> None:
    assert respond_by("same day", berlin(20, 16), ALWAYS) == berlin(20, 23, 59)
    assert respond_by("same day", berlin(20, 23, 59), ALWAYS) == berlin(21, 23, 59)
    assert respond_by("1 business day", berlin(20, 16), ALWAYS) == berlin(21, 23, 59)


def test_an_elapsed_day_of_a_clock_change_lasts_24_hours() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo(BERLIN))
    assert respond_by("1 day", before) == datetime(2026, 3, 29, 11, tzinfo=UTC)


def test_same_day_ends_on_a_real_day_where_one_is_skipped() -> None:
    apia = ZoneInfo("Pacific/Apia")
    due = promise_for(
        parse_target("same day"),
        calendar=None,
        zone="Pacific/Apia",
        start=datetime(2011, 12, 29, 23, 59, 30, tzinfo=apia),
    )
    assert due.respond_by == datetime(2011, 12, 31, 23, 59, tzinfo=apia)


def test_same_day_ends_in_the_last_23_59_where_it_comes_twice() -> None:
    due = promise_for(
        parse_target("same day"),
        calendar=None,
        zone="America/Sao_Paulo",
        start=datetime(2018, 2, 17, 12, tzinfo=UTC),
    )
    assert due.respond_by == datetime(2018, 2, 18, 2, 59, tzinfo=UTC)


def test_best_effort_promises_nothing() -> None:
    assert respond_by("best effort", berlin(20, 16)) is None


def test_a_range_gives_the_promise_and_the_outer_limit() -> None:
    due = promise_for(parse_target("48h..72h"), calendar=None, zone=BERLIN, start=berlin(20, 16))
    assert due == Due(berlin(22, 16), berlin(23, 16))
    assert due.breaks_at == berlin(23, 16)
    assert Due(berlin(22, 16)).breaks_at == berlin(22, 16)
    assert Due(None).breaks_at is None


@pytest.mark.parametrize(
    ("text", "pause", "due"),
    [
        ("4h", (berlin(20, 11), berlin(20, 14)), berlin(20, 17)),
        ("2 days", (berlin(20, 11), berlin(20, 14)), berlin(22, 13)),
        ("same day", (berlin(20, 11), berlin(20, 14)), berlin(23, 11)),
        ("same day", (berlin(20, 17), berlin(23, 9)), berlin(20, 17)),
        ("1 business day", (berlin(20, 16), berlin(23, 10)), berlin(24, 11)),
        ("next review", (berlin(20, 11), berlin(24, 12)), berlin(25, 10)),
        ("next review", (berlin(20, 11), berlin(25, 12)), berlin(2, 10, month=12)),
        ("next review", (berlin(25, 10), berlin(25, 12)), berlin(2, 10, month=12)),
        ("next review", (berlin(20, 11), berlin(25, 10)), berlin(25, 10)),
    ],
)
def test_pauses_move_a_promise_by_the_time_lost(
    text: str, pause: tuple[datetime, datetime], due: datetime
) -> None:
    assert respond_by(text, berlin(20, 10), pauses=(pause,)) == due


@given(st.integers(0, 60 * 24 * 60), st.integers(0, 5000), st.integers(1, 9))
def test_a_pause_gives_back_the_open_time_it_took(start: int, length: int, days: int) -> None:
    since = berlin(1, 0).astimezone(UTC) + timedelta(minutes=start)
    pause = (since + timedelta(minutes=30), since + timedelta(minutes=30 + length))
    text = f"{days} business days"
    before, after = respond_by(text, since), respond_by(text, since, pauses=(pause,))
    assert before
    assert after
    assert open_between(OFFICE, before, after) == open_between(
        OFFICE, pause[0], min(pause[1], after)
    )


def test_what_a_target_needs_and_does_not_get() -> None:
    start = berlin(20, 16)
    with pytest.raises(TargetError, match="need a calendar"):
        respond_by("2 business days", start, calendar=None)
    with pytest.raises(TargetError, match="needs the weekday, time and zone"):
        promise_for(parse_target("next review"), calendar=OFFICE, zone=BERLIN, start=start)
    with pytest.raises(CalendarError, match="unknown time zone"):
        promise_for(parse_target("same day"), calendar=None, zone="Mars/Olympus", start=start)


def test_a_calendar_that_runs_out_has_no_further_business_days() -> None:
    fair = Calendar(BERLIN, {}, special={date(2026, 11, 23): [("09:00", "17:00")]})
    assert respond_by("1 business day", berlin(20, 16), fair) == berlin(23, 17)
    with pytest.raises(CalendarError, match="too few open days"):
        respond_by("2 business days", berlin(20, 16), fair)


def test_a_review_is_at_its_wall_clock_time_all_year() -> None:
    assert next_review(GROOMING, datetime(2026, 7, 1, 9, tzinfo=UTC)) == datetime(
        2026, 7, 8, 8, tzinfo=UTC
    )
    assert next_review(GROOMING, datetime(2026, 12, 1, 9, tzinfo=UTC)) == datetime(
        2026, 12, 2, 9, tzinfo=UTC
    )


def test_reviews_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CalendarError, match="unknown time zone"):
        Review("Mars/Olympus", 2, time(10))
    with pytest.raises(TargetError, match="not 7"):
        Review(BERLIN, 7, time(10))
    with pytest.raises(TargetError, match="in its zone"):
        Review(BERLIN, 2, time(10, tzinfo=UTC))
    with pytest.raises(TargetError, match="no date lies"):
        next_review(GROOMING, datetime(9999, 12, 30, 12, tzinfo=UTC))


def test_days_and_reviews_count_elapsed_time() -> None:
    assert counted_in(parse_target("2 days"), OFFICE) is None
    assert counted_in(parse_target("next review"), OFFICE) is None
    assert counted_in(parse_target("2 business days"), OFFICE) is OFFICE
