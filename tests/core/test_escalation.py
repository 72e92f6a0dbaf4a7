from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import Calendar, open_between
from portal.core.escalation import (
    Do,
    Paging,
    Rules,
    RulesError,
    Step,
    Why,
    builder_flag,
    page_at,
    reopen_escalates,
    steps_for,
)
from portal.core.sla import Clock, Happening, Promises, Reading, Terms, What, read_clocks
from portal.core.targets import parse_target

OFFICE = Calendar("UTC", {day: [("09:00", "17:00")] for day in range(5)})
TIERED = Rules(warn_share=0.75, tiers=3)
OPENED, ANSWERED, PAUSED, RESUMED = What.OPENED, What.ANSWERED, What.PAUSED, What.RESUMED


def monday(hour: float) -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)


def clock(text: str, *story: tuple[float, What], calendar: Calendar | None = None) -> Reading:
    happenings = [Happening(monday(at), what) for at, what in story]
    terms = Terms(parse_target(text), calendar, "UTC")
    (reading,) = read_clocks(happenings, Promises(first_response=terms))
    return reading


def brief(reading: Reading, rules: Rules = TIERED, tier: int = 1) -> list[tuple[datetime, Do]]:
    return [(step.at, step.do) for step in steps_for(reading, rules, tier=tier, business=OFFICE)]


def test_warn_break_and_a_tier_up_each_time_the_target_passes_again() -> None:
    assert steps_for(clock("4h", (10, OPENED)), TIERED, tier=1, business=None) == (
        Step(monday(13), Do.WARN, Why("warn.share", {"clock": "first_response", "percent": "75%"})),
        Step(monday(14), Do.BREACH, Why("breach.unmet", {"clock": "first_response"})),
        Step(
            monday(14),
            Do.ESCALATE,
            Why("escalate.breached", {"clock": "first_response", "from_tier": "1", "tier": "2"}),
            2,
        ),
        Step(
            monday(18),
            Do.ESCALATE,
            Why("escalate.still_unmet", {"clock": "first_response", "from_tier": "2", "tier": "3"}),
            3,
        ),
    )


def test_steps_are_at_open_times_of_the_clocks_calendar() -> None:
    assert brief(clock("8h", (13, OPENED), calendar=OFFICE)) == [
        (monday(24 + 11), Do.WARN),
        (monday(24 + 13), Do.BREACH),
        (monday(24 + 13), Do.ESCALATE),
        (monday(48 + 13), Do.ESCALATE),
    ]


def test_steps_leave_pauses_out() -> None:
    reading = clock("4h", (10, OPENED), (11, PAUSED), (21, RESUMED))
    assert brief(reading) == [
        (monday(23), Do.WARN),
        (monday(24), Do.BREACH),
        (monday(24), Do.ESCALATE),
        (monday(28), Do.ESCALATE),
    ]


def test_a_range_warns_and_breaks_by_its_outer_limit() -> None:
    steps = brief(clock("48h..72h", (0, OPENED)), tier=3)
    assert steps == [(monday(54), Do.WARN), (monday(72), Do.BREACH), (monday(72), Do.NOTIFY)]


def test_a_day_warns_by_the_share_of_its_open_time() -> None:
    reading = clock("1 business day", (15, OPENED), calendar=OFFICE)
    assert brief(reading)[:2] == [(monday(24 + 14.5), Do.WARN), (monday(24 + 17), Do.BREACH)]


def test_the_highest_tier_has_nobody_above_but_managers() -> None:
    (told,) = [
        step
        for step in steps_for(clock("4h", (10, OPENED)), TIERED, tier=3, business=None)
        if step.do is Do.NOTIFY
    ]
    assert told == Step(
        monday(14), Do.NOTIFY, Why("notify.no_higher_tier", {"clock": "first_response"})
    )


def test_without_tiers_the_owner_stays_and_managers_are_told() -> None:
    steps = brief(clock("4h", (10, OPENED)), Rules(warn_share=0.5, tiers=1))
    assert steps == [(monday(12), Do.WARN), (monday(14), Do.BREACH), (monday(14), Do.NOTIFY)]


def test_escalation_may_hurry() -> None:
    steps = brief(clock("4h", (10, OPENED)), Rules(warn_share=0.75, tiers=4, again_every=0.5))
    assert [at for at, do in steps if do is Do.ESCALATE] == [monday(14), monday(16), monday(18)]


@pytest.mark.parametrize(
    ("paging", "opened", "pages"),
    [
        (Paging.AFTER_HOURS, 20, [(monday(20), "page.after_hours")]),
        (Paging.AFTER_HOURS, 10, []),
        (Paging.ALWAYS, 10, [(monday(10), "page.always")]),
        (Paging.NEVER, 20, []),
    ],
)
def test_paging_when_the_ticket_is_made(
    paging: Paging, opened: float, pages: list[tuple[datetime, str]]
) -> None:
    rules = Rules(warn_share=0.75, tiers=3, paging=paging)
    steps = steps_for(clock("4h", (opened, OPENED)), rules, tier=1, business=OFFICE)
    assert [(step.at, step.why.key) for step in steps if step.do is Do.PAGE] == pages


def test_only_the_first_response_pages_at_the_start() -> None:
    rules = Rules(warn_share=0.75, tiers=3, paging=Paging.ALWAYS)
    terms = Terms(parse_target("4h"), None, "UTC")
    (reading,) = read_clocks([Happening(monday(10), OPENED)], Promises(resolution=terms))
    assert reading.clock is Clock.RESOLUTION
    assert Do.PAGE not in [do for _, do in brief(reading, rules)]


def test_paging_when_a_clock_breaks() -> None:
    rules = Rules(warn_share=0.75, tiers=1, page_on_breach=True)
    steps = steps_for(clock("4h", (10, OPENED)), rules, tier=1, business=OFFICE)
    assert steps[-1] == Step(monday(14), Do.PAGE, Why("page.breached", {"clock": "first_response"}))


def test_best_effort_has_no_step_but_a_page() -> None:
    rules = Rules(warn_share=0.75, tiers=3, paging=Paging.ALWAYS, page_on_breach=True)
    assert brief(clock("best effort", (10, OPENED)), rules) == [(monday(10), Do.PAGE)]


def test_an_ended_clock_has_no_steps() -> None:
    assert brief(clock("4h", (10, OPENED), (11, ANSWERED))) == []
    assert brief(clock("4h", (10, OPENED), (11, What.CLOSED))) == []


def test_a_paused_clock_has_no_steps_to_come() -> None:
    assert brief(clock("4h", (10, OPENED), (11, PAUSED))) == []
    for paused in (14, 15):
        assert brief(clock("4h", (10, OPENED), (paused, PAUSED))) == [
            (monday(13), Do.WARN),
            (monday(14), Do.BREACH),
            (monday(14), Do.ESCALATE),
        ]


def test_escalation_ends_with_the_calendar() -> None:
    fair = Calendar("UTC", {}, special={date(2026, 11, 23): [("09:00", "17:00")]})
    steps = brief(clock("6h", (10, OPENED), calendar=fair))
    assert [do for _, do in steps] == [Do.WARN, Do.BREACH, Do.ESCALATE]


@given(
    st.integers(0, 20_000),
    st.integers(1, 5000),
    st.floats(0.01, 0.99),
    st.integers(1, 4),
    st.sampled_from([None, OFFICE]),
)
def test_steps_come_in_order_and_the_warning_after_its_share(
    opened: int, minutes: int, share: float, tier: int, calendar: Calendar | None
) -> None:
    reading = clock(f"{minutes}min", (opened / 60, OPENED), calendar=calendar)
    steps = brief(reading, Rules(warn_share=share, tiers=4), tier)
    assert steps == sorted(steps, key=lambda step: step[0])
    dos = [do for _, do in steps]
    assert (dos.count(Do.WARN), dos.count(Do.BREACH)) == (1, 1)
    assert dos.count(Do.ESCALATE) == 4 - tier
    warned = steps[0][0]
    passed = (
        open_between(calendar, reading.started_at, warned)
        if calendar
        else warned - reading.started_at
    )
    assert passed == timedelta(minutes=minutes) * share


@pytest.mark.parametrize(
    ("share", "tiers", "again", "reason"),
    [
        (0, 3, 1, "between 0 and 1"),
        (1, 3, 1, "between 0 and 1"),
        (float("nan"), 3, 1, "between 0 and 1"),
        (0.5, 0, 1, "at least one tier"),
        (0.5, 3, 0, "above 0"),
        (0.5, 3, float("inf"), "above 0"),
    ],
)
def test_rules_that_make_no_sense_are_refused(
    share: float, tiers: int, again: float, reason: str
) -> None:
    with pytest.raises(RulesError, match=reason):
        Rules(warn_share=share, tiers=tiers, again_every=again)


def test_page_at_names_the_instant() -> None:
    assert page_at(Paging.AFTER_HOURS, OFFICE, monday(17)) == monday(17)
    assert page_at(Paging.AFTER_HOURS, OFFICE, monday(16.99)) is None
    assert page_at(Paging.AFTER_HOURS, None, monday(3)) is None
    assert page_at(Paging.ALWAYS, None, monday(3)) == monday(3)
    assert page_at(Paging.NEVER, OFFICE, monday(3)) is None


@pytest.mark.parametrize(
    ("made", "flagged"),
    [
        ([0, 50, 168], True),
        ([168, 0, 50], True),
        ([-0.1, 50, 168], False),
        ([0, 168], False),
        ([0, 50, 168.1], False),
        ([1, 1, 1, 1], True),
        ([], False),
    ],
)
def test_three_tickets_of_a_builder_in_seven_days(made: list[float], flagged: bool) -> None:
    assert builder_flag([monday(hour) for hour in made], monday(168)) is flagged


def test_the_flag_follows_the_figures_of_the_pack() -> None:
    made = [monday(0), monday(30)]
    assert builder_flag(made, monday(40), count=2, days=2)
    assert not builder_flag(made, monday(49), count=2, days=2)


def test_coming_back_too_often_escalates() -> None:
    assert [reopen_escalates(times, 2) for times in range(4)] == [False, False, True, True]
