from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import Calendar, CalendarError, open_between
from portal.core.sla import (
    Clock,
    Happening,
    HappeningError,
    Promises,
    Reading,
    Terms,
    What,
    due_at,
    read_clocks,
    remaining,
)
from portal.core.targets import Review, parse_target

OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})
LATE = Calendar("UTC", {day: [("12:00", "20:00")] for day in range(5)})


def monday(hour: float) -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)


def hours(figure: float) -> timedelta:
    return timedelta(hours=figure)


def terms(text: str, calendar: Calendar | None = None) -> Terms:
    return Terms(parse_target(text), calendar, "UTC", Review("UTC", 2, time(10)))


def told(*story: tuple[float, What] | tuple[float, What, float]) -> list[Happening]:
    return [
        Happening(monday(at), what, *(monday(until) for until in more)) for at, what, *more in story
    ]


def first_response(
    text: str, *story: tuple[float, What], calendar: Calendar | None = None
) -> Reading:
    (reading,) = read_clocks(told(*story), Promises(first_response=terms(text, calendar)))
    return reading


def resolution(text: str, *story: tuple[float, What], calendar: Calendar | None = None) -> Reading:
    (reading,) = read_clocks(told(*story), Promises(resolution=terms(text, calendar)))
    return reading


def updates(text: str, *story: tuple[float, What] | tuple[float, What, float]) -> list[Reading]:
    return list(read_clocks(told(*story), Promises(next_update=terms(text))))


OPENED, ANSWERED, PROMISED, REPLIED = What.OPENED, What.ANSWERED, What.PROMISED, What.REPLIED
PAUSED, RESUMED, RESOLVED = What.PAUSED, What.RESUMED, What.RESOLVED
CLOSED, REOPENED = What.CLOSED, What.REOPENED


def test_due_at_is_part_of_the_house_that_the_clocks_live_in() -> None:
    assert due_at(OFFICE, monday(16), hours(2), [(monday(16), monday(24 + 10))]) == monday(24 + 12)


# First response


def test_first_response_runs_from_the_opening() -> None:
    reading = first_response("4h", (10, OPENED))
    assert (reading.clock, reading.round) == (Clock.FIRST_RESPONSE, 1)
    assert (reading.started_at, reading.due_at) == (monday(10), monday(14))
    assert (reading.met_at, reading.stopped_at, reading.paused_at) == (None, None, None)
    assert remaining(reading, monday(11)) == hours(3)
    assert remaining(reading, monday(15)) == -hours(1)


def test_first_response_counts_open_time_of_its_calendar() -> None:
    reading = first_response("4h", (16, OPENED), calendar=OFFICE)
    assert reading.due_at == monday(24 + 12)
    assert remaining(reading, monday(20)) == hours(3)
    assert remaining(reading, monday(24 + 18)) == -hours(5)


def test_only_the_first_answer_meets_it() -> None:
    reading = first_response("4h", (10, OPENED), (12, ANSWERED), (20, ANSWERED))
    assert reading.met_at == monday(12)
    assert not reading.breached(monday(99))
    assert remaining(reading, monday(13)) is None


def test_an_answer_at_the_very_instant_keeps_the_promise_and_later_breaks_it() -> None:
    assert not first_response("4h", (10, OPENED), (14, ANSWERED)).breached(monday(99))
    assert first_response("4h", (10, OPENED), (14.01, ANSWERED)).breached(monday(99))


def test_unanswered_it_breaks_when_it_falls_due() -> None:
    reading = first_response("4h", (10, OPENED))
    assert not reading.breached(monday(14) - timedelta(microseconds=1))
    assert reading.breached(monday(14))


def test_resolved_unanswered_it_stops_unbroken() -> None:
    reading = first_response("4h", (10, OPENED), (12, RESOLVED))
    assert (reading.met_at, reading.stopped_at, reading.due_at) == (None, monday(12), monday(14))
    assert not reading.breached(monday(99))


def test_reopened_unanswered_it_goes_on_where_it_stood() -> None:
    reading = first_response("4h", (10, OPENED), (12, CLOSED), (20, REOPENED))
    assert (reading.stopped_at, reading.due_at, reading.held) == (None, monday(22), hours(8))


def test_a_word_after_the_end_meets_it_without_breaking_it() -> None:
    reading = first_response("4h", (10, OPENED), (12, RESOLVED), (30, ANSWERED))
    assert reading.met_at == monday(30)
    assert not reading.breached(monday(99))


def test_best_effort_is_a_clock_without_a_deadline() -> None:
    reading = first_response("best effort", (10, OPENED))
    assert (reading.due_at, reading.outer_at, reading.breaks_at) == (None, None, None)
    assert not reading.breached(monday(9999))
    assert remaining(reading, monday(11)) is None


def test_a_range_breaks_at_its_outer_limit() -> None:
    reading = first_response("48h..72h", (0, OPENED))
    assert (reading.due_at, reading.outer_at) == (monday(48), monday(72))
    assert not reading.breached(monday(71))
    assert reading.breached(monday(72))
    assert remaining(reading, monday(50)) == hours(22)


# Pauses


def test_a_paused_clock_has_time_left_and_no_deadline() -> None:
    reading = resolution("8h", (10, OPENED), (12, PAUSED))
    assert (reading.due_at, reading.paused_at, reading.left) == (None, monday(12), hours(6))
    assert remaining(reading, monday(500)) == hours(6)
    assert not reading.breached(monday(500))


@pytest.mark.parametrize("restart", [RESUMED, REPLIED])
def test_resuming_moves_the_deadline_by_the_time_held(restart: What) -> None:
    reading = resolution("8h", (10, OPENED), (12, PAUSED), (20, restart))
    assert (reading.due_at, reading.paused_at, reading.left) == (monday(26), None, None)
    assert reading.held == hours(8)
    assert reading.pauses == ((monday(12), monday(20)),)


def test_a_pause_over_night_costs_no_open_time() -> None:
    story = (10, OPENED), (17, PAUSED), (24 + 9, RESUMED)
    assert resolution("16h", *story, calendar=OFFICE).due_at == monday(48 + 10)
    paused = resolution("16h", *story[:2], calendar=OFFICE)
    assert paused.left == hours(9)


def test_pausing_does_not_unbreak_a_clock() -> None:
    reading = resolution("2h", (10, OPENED), (13, PAUSED))
    assert (reading.due_at, reading.paused_at, reading.left) == (monday(12), monday(13), None)
    assert reading.breached(monday(99))
    assert remaining(reading, monday(99)) == -hours(1)
    resumed = resolution("2h", (10, OPENED), (13, PAUSED), (20, RESUMED))
    assert resumed.due_at == monday(12)
    assert resolution("2h", (10, OPENED), (12, PAUSED)).breached(monday(12))


def test_pausing_twice_and_resuming_what_runs_change_nothing() -> None:
    story = (10, OPENED), (11, RESUMED), (12, PAUSED), (14, PAUSED), (16, REPLIED), (18, RESUMED)
    assert resolution("8h", *story).pauses == ((monday(12), monday(16)),)


def test_first_response_pauses_too() -> None:
    reading = first_response("4h", (10, OPENED), (11, PAUSED), (15, RESUMED))
    assert reading.due_at == monday(18)


def test_an_answer_while_paused_meets_the_clock_in_time() -> None:
    reading = first_response("4h", (10, OPENED), (11, PAUSED), (30, ANSWERED))
    assert (reading.met_at, reading.held) == (monday(30), hours(19))
    assert not reading.breached(monday(99))


# Next update


def test_each_answer_meets_a_round_and_starts_the_next() -> None:
    first, second = updates("24h", (0, OPENED), (1, ANSWERED), (10, ANSWERED))
    assert (first.round, first.started_at, first.met_at) == (1, monday(1), monday(10))
    assert (second.round, second.started_at, second.due_at) == (2, monday(10), monday(34))
    assert second.met_at is None


def test_no_round_before_the_first_answer() -> None:
    assert updates("24h", (0, OPENED), (5, REPLIED)) == []
    assert updates("24h", (0, OPENED), (5, RESOLVED), (6, REOPENED)) == []


def test_a_customers_reply_does_not_put_off_the_round() -> None:
    (reading,) = updates("24h", (0, OPENED), (1, ANSWERED), (20, REPLIED))
    assert (reading.round, reading.due_at) == (1, monday(25))


def test_asking_holds_the_round_until_the_customer_replies() -> None:
    asked = (0, OPENED), (1, ANSWERED), (1, PAUSED)
    (held,) = updates("24h", *asked)
    assert (held.due_at, held.left, held.paused_at) == (None, hours(24), monday(1))
    (again,) = updates("24h", *asked, (40, REPLIED))
    assert again.due_at == monday(64)


def test_a_second_word_while_waiting_starts_a_held_round() -> None:
    story = (0, OPENED), (1, ANSWERED), (1, PAUSED), (30, ANSWERED)
    first, second = updates("24h", *story)
    assert first.met_at == monday(30)
    assert not first.breached(monday(99))
    assert (second.paused_at, second.left) == (monday(30), hours(24))


def test_resolving_stops_the_round_and_reopening_starts_one() -> None:
    first, second = updates("24h", (0, OPENED), (1, ANSWERED), (9, RESOLVED), (50, REOPENED))
    assert (first.stopped_at, first.met_at) == (monday(9), None)
    assert (second.started_at, second.due_at) == (monday(50), monday(74))


def test_a_word_after_the_end_starts_no_round() -> None:
    assert len(updates("24h", (0, OPENED), (1, ANSWERED), (9, RESOLVED), (10, ANSWERED))) == 1


def test_a_promised_update_names_the_deadline_of_the_round() -> None:
    story = (0, OPENED), (1, ANSWERED), (1, PROMISED, 5.5)
    (reading,) = updates("24h", *story)
    assert reading.due_at == monday(5.5)
    (moved,) = updates("24h", *story, (2, PROMISED, 30))
    assert moved.due_at == monday(30)


def test_a_promise_is_kept_to_by_the_clock_on_the_wall_and_moves_with_a_pause() -> None:
    story = (10, OPENED), (10, ANSWERED), (10, PROMISED, 20), (12, PAUSED), (15, REPLIED)
    (reading,) = read_clocks(told(*story), Promises(next_update=terms("4h", OFFICE)))
    assert (reading.due_at, reading.calendar) == (monday(23), None)


def test_a_promised_update_counts_where_nothing_else_is_promised() -> None:
    (reading,) = read_clocks(told((0, OPENED), (1, PROMISED, 5)), Promises())
    assert (reading.clock, reading.started_at, reading.due_at) == (
        Clock.NEXT_UPDATE,
        monday(1),
        monday(5),
    )
    assert read_clocks(told((0, OPENED), (1, RESOLVED), (2, PROMISED, 5)), Promises()) == ()


# Resolution


def test_resolution_is_met_by_resolving() -> None:
    reading = resolution("8h", (10, OPENED), (12, RESOLVED), (90, CLOSED))
    assert (reading.met_at, reading.stopped_at, reading.due_at) == (monday(12), None, monday(18))


def test_closing_unresolved_stops_it() -> None:
    reading = resolution("8h", (10, OPENED), (12, CLOSED), (13, RESOLVED))
    assert (reading.met_at, reading.stopped_at) == (None, monday(12))


def test_reopened_it_goes_on_and_the_time_resolved_is_held() -> None:
    reading = resolution("8h", (10, OPENED), (12, RESOLVED), (30, CLOSED), (60, REOPENED))
    assert (reading.met_at, reading.due_at, reading.held) == (None, monday(66), hours(48))
    again = resolution("8h", (10, OPENED), (12, RESOLVED), (60, REOPENED), (70, RESOLVED))
    assert again.met_at == monday(70)
    assert again.breached(monday(70))


def test_resolving_a_paused_ticket_holds_through() -> None:
    story = (10, OPENED), (12, PAUSED), (20, RESOLVED), (25, REPLIED), (30, REOPENED)
    assert resolution("8h", *story).pauses == ((monday(12), monday(30)),)
    assert not resolution("8h", *story[:3]).breached(monday(99))


def test_reopening_what_is_open_changes_nothing() -> None:
    reading = resolution("8h", (10, OPENED), (12, PAUSED), (13, REOPENED))
    assert reading.paused_at == monday(12)


# All together


def test_all_clocks_in_order() -> None:
    promises = Promises(terms("1h"), terms("4h"), terms("24h"))
    readings = read_clocks(told((0, OPENED), (1, ANSWERED), (3, ANSWERED)), promises)
    assert [(reading.clock, reading.round) for reading in readings] == [
        (Clock.FIRST_RESPONSE, 1),
        (Clock.NEXT_UPDATE, 1),
        (Clock.NEXT_UPDATE, 2),
        (Clock.RESOLUTION, 1),
    ]


def test_nothing_is_promised_for_nothing_or_before_the_opening() -> None:
    promises = Promises(terms("1h"), terms("4h"), terms("24h"))
    assert read_clocks([], promises) == ()
    assert read_clocks(told((0, ANSWERED), (1, PAUSED)), promises) == ()
    assert read_clocks(told((0, OPENED)), Promises()) == ()


def test_happenings_may_come_in_any_order() -> None:
    story = told((0, OPENED), (1, ANSWERED), (2, PAUSED), (5, REPLIED))
    promises = Promises(terms("1h"), terms("4h"), terms("24h"))
    assert read_clocks(reversed(story), promises) == read_clocks(story, promises)


def test_other_terms_recompute_with_every_hold_kept() -> None:
    story = (10, OPENED), (11, PAUSED), (15, RESUMED)
    assert resolution("8h", *story).due_at == monday(22)
    assert resolution("2h", *story).due_at == monday(16)
    assert resolution("2h", *story, calendar=LATE).due_at == monday(17)
    assert resolution("1 business day", *story, calendar=OFFICE).due_at == monday(48 + 13)


def test_days_and_reviews_have_their_time_left_as_elapsed_time() -> None:
    assert resolution("2 days", (0, OPENED), (24, PAUSED), calendar=OFFICE).left == hours(24)
    assert resolution("next review", (0, OPENED), (24, PAUSED), calendar=OFFICE).left == hours(34)


def test_a_happening_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(CalendarError, match="no time zone"):
        Happening(datetime(2026, 11, 23), OPENED)  # noqa: DTZ001
    with pytest.raises(HappeningError, match="names its time"):
        Happening(monday(0), PROMISED)
    with pytest.raises(HappeningError, match="names its time"):
        Happening(monday(0), ANSWERED, monday(1))
    with pytest.raises(HappeningError, match="already past"):
        Happening(monday(1), PROMISED, monday(1))


stories = st.lists(
    st.tuples(
        st.integers(0, 20_000).map(lambda minute: minute / 60),
        st.sampled_from([what for what in What if what is not PROMISED]),
    ),
    max_size=12,
).map(lambda story: [(0.0, OPENED), *sorted(story)])


@given(stories, st.integers(1, 5000), st.sampled_from([None, OFFICE, LATE]))
def test_whatever_happens_the_promised_time_runs_outside_the_holds(
    story: list[tuple[float, What]], minutes: int, calendar: Calendar | None
) -> None:
    target = timedelta(minutes=minutes)
    reading = resolution(f"{minutes}min", *story, calendar=calendar)
    assert (reading.due_at is None) == (reading.left is not None)
    if reading.left is not None:
        assert reading.paused_at is not None
        assert timedelta() <= reading.left <= target
    if reading.due_at is not None:
        held = [
            (begins, min(ends, reading.due_at))
            for begins, ends in reading.pauses
            if begins < reading.due_at
        ]
        assert elapsed(calendar, reading.started_at, reading.due_at) == target + sum(
            (elapsed(calendar, *pause) for pause in held), timedelta()
        )


@given(stories, st.integers(1, 5000))
def test_a_broken_promise_stays_broken_whatever_happens_next(
    story: list[tuple[float, What]], minutes: int
) -> None:
    broken = False
    for told_so_far in range(1, len(story) + 1):
        now = monday(story[told_so_far - 1][0])
        reading = resolution(f"{minutes}min", *story[:told_so_far])
        assert reading.breached(now) or not broken
        broken = reading.breaks_at is not None and reading.breaks_at < (reading.ended_at or now)


def elapsed(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    return open_between(calendar, start, end) if calendar else end - start
