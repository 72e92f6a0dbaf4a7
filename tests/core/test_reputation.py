"""What standing is made of: no ring and no flood gets more than the caps say."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.reputation import (
    CAPS,
    LEVELS,
    RULES,
    STAFF,
    UNLIMITED,
    Cause,
    Grant,
    Held,
    History,
    Limits,
    Post,
    Right,
    Tie,
    Uncounted,
    granted,
    held_because,
    is_flood,
    level_of,
    limits,
    links_in,
    may,
    next_level,
)

PEER, STAFF_GAVE, COLLEAGUE = Tie(), Tie(is_peer=False), Tie(same_company=True)
GAINS = [cause for cause, rule in RULES.items() if rule.points > 0]
amounts = st.integers(0, 5000)
histories = st.builds(History, amounts, amounts, amounts, amounts, amounts)
levels = st.sampled_from([*LEVELS, STAFF])


@pytest.mark.parametrize("cause", Cause)
def test_the_first_time_gives_what_the_rule_says(cause):
    assert granted(cause, PEER, History()) == Grant(RULES[cause].points)


@pytest.mark.parametrize("cause", GAINS)
def test_colleagues_count_nothing_for_each_other(cause):
    assert granted(cause, COLLEAGUE, History()) == Grant(0, Uncounted.COMPANY)


def test_what_moderators_take_is_taken_in_full():
    spent = History(10**6, 10**6, 10**6, 10**6, 10**6)
    assert granted(Cause.POST_REMOVED, PEER, spent) == Grant(-10)


@pytest.mark.parametrize(
    ("history", "found"),
    [
        (History(of_cause_today=95), Grant(5, Uncounted.CAUSE_A_DAY)),
        (History(from_peers_today=150), Grant(0, Uncounted.A_DAY)),
        (History(from_giver_today=15), Grant(5, Uncounted.PAIR_A_DAY)),
        (History(from_giver_ever=40, from_peers_ever=80), Grant(0, Uncounted.PAIR_SHARE)),
        (History(from_giver_ever=40, from_peers_ever=400), Grant(10)),
    ],
)
def test_each_cap_says_why_it_gave_less(history, found):
    assert granted(Cause.REPLY_UPVOTED, PEER, history) == found


def test_what_staff_give_is_not_measured_against_members():
    full = History(from_peers_today=150, from_giver_today=20, from_giver_ever=40)
    assert granted(Cause.ANSWER_VERIFIED, STAFF_GAVE, full) == Grant(20)


@given(st.sampled_from(Cause), st.builds(Tie, st.booleans(), st.booleans()), histories)
def test_nothing_gives_more_than_its_rule_nor_turns_a_gain_into_a_loss(cause, tie, history):
    points = granted(cause, tie, history).points
    most = RULES[cause].points
    assert min(most, 0) <= points <= max(most, 0)


@given(st.lists(st.tuples(st.sampled_from(GAINS), st.integers(0, 3)), max_size=80))
def test_in_a_day_no_giver_and_no_crowd_gets_past_the_caps(deeds):
    """All at once, to one receiver, by four others."""
    by_cause, by_giver = dict.fromkeys(Cause, 0), dict.fromkeys(range(4), 0)
    for cause, giver in deeds:
        total = sum(by_giver.values())
        so_far = History(by_cause[cause], total, by_giver[giver], by_giver[giver], total)
        points = granted(cause, PEER, so_far).points
        by_cause[cause] += points
        by_giver[giver] += points
    assert sum(by_giver.values()) <= CAPS.a_day
    assert max(by_giver.values()) <= CAPS.pair_a_day
    assert all(by_cause[cause] <= (RULES[cause].a_day or CAPS.a_day) for cause in GAINS)


@given(st.lists(st.tuples(st.sampled_from(GAINS), st.integers(0, 5)), max_size=200))
def test_over_the_years_a_ring_stays_a_part_of_the_whole(deeds):
    """One deed a day; nobody's part grows beyond what is free or the share of all."""
    by_giver = dict.fromkeys(range(6), 0)
    for cause, giver in deeds:
        total = sum(by_giver.values())
        so_far = History(from_giver_ever=by_giver[giver], from_peers_ever=total)
        by_giver[giver] += granted(cause, PEER, so_far).points
        total = sum(by_giver.values())
        assert by_giver[giver] <= max(CAPS.pair_free, total * CAPS.pair_share // 100)


@given(amounts, st.integers(0, 400), st.integers(0, 60))
def test_more_of_anything_never_lowers_a_level(points, days, people):
    place = LEVELS.index(level_of(points, days, people))
    for more in (
        (points + 1, days, people),
        (points, days + 1, people),
        (points, days, people + 1),
    ):
        assert LEVELS.index(level_of(*more)) >= place


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_reached_with_what_it_asks_and_not_with_less(level):
    assert level_of(level.points, level.days, level.people) is level
    if level is not LEVELS[0]:
        assert level_of(level.points - 1, level.days, level.people) is not level
        assert level_of(level.points, level.days - 1, level.people) is not level
        assert level_of(level.points, level.days, level.people - 1) is not level


def test_whoever_has_lost_more_than_they_had_is_a_newcomer():
    assert level_of(-30, 400, 60) is LEVELS[0]


def test_each_level_may_what_those_below_may():
    for lower, higher in pairwise(LEVELS):
        assert lower.rights <= higher.rights
        assert higher.points > lower.points
        assert next_level(lower) is higher
    assert next_level(LEVELS[-1]) is None
    assert next_level(STAFF) is None


def test_only_the_highest_moderates():
    assert [level.key for level in LEVELS if may(level, Right.MODERATE)] == ["moderator"]
    assert may(STAFF, Right.MODERATE)
    assert limits(STAFF) == UNLIMITED


NEWCOMER, MEMBER = LEVELS[0], LEVELS[1]


@pytest.mark.parametrize(
    ("post", "level", "why"),
    [
        (Post(), NEWCOMER, None),
        (Post(links=1), NEWCOMER, Held.FIRST_LINK),
        (Post(links=1), MEMBER, Held.FIRST_LINK),
        (Post(links=2, before=1), NEWCOMER, None),
        (Post(links=3, before=1), NEWCOMER, Held.LINKS),
        (Post(pictures=1, before=1), NEWCOMER, Held.PICTURES),
        (Post(pictures=1, before=1), MEMBER, None),
        (Post(before=3, last_hour=3), NEWCOMER, None),
        (Post(before=4, last_hour=4), NEWCOMER, Held.TOO_FAST),
        (Post(links=99, pictures=99, last_hour=99), STAFF, None),
    ],
)
def test_what_is_looked_at_before_it_is_shown(post, level, why):
    assert held_because(post, level) is why


def test_what_the_day_does_not_take_is_refused():
    assert not is_flood(Post(last_day=11), NEWCOMER)
    assert is_flood(Post(last_day=12), NEWCOMER)
    assert not is_flood(Post(last_day=10**6), STAFF)


@given(levels, st.builds(Post, *[st.integers(0, 200)] * 5))
def test_what_is_held_at_a_level_is_held_with_less_room(level, post):
    if held_because(post, level) is not None:
        tighter = replace(level, limits=Limits(0, 0, 0), rights=frozenset())
        assert held_because(post, tighter) is not None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("See the 24/7 page // or not", 0),
        ("https://a.example and http://b.example", 2),
        ("[one](https://a.example), <https://b.example>", 2),
        ("//cdn.example/x and www.shop.example", 2),
        ("https://www.shop.example", 1),
        ("HTTPS://A.EXAMPLE", 1),
    ],
)
def test_links_are_counted_however_they_are_written(text, number):
    assert links_in(text) == number
