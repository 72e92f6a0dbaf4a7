"""The order of ideas, whatever the times of their votes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.idea_ranking import EPOCH, HALF_LIFE, cooled, heat_of, warmed, weigh

moments = st.integers(0, 40_000).map(lambda hours: EPOCH + timedelta(hours=hours))
crowds = st.lists(moments, max_size=30)


@given(moments, crowds, moments)
def test_a_vote_more_makes_it_hotter(came, votes, vote):
    heat = heat_of(came, votes)
    assert warmed(heat, vote) >= heat


@given(moments, crowds)
def test_it_does_not_matter_who_was_counted_first(came, votes):
    assert heat_of(came, votes) == pytest.approx(heat_of(came, votes[::-1]), abs=1e-6)


@given(moments, crowds)
def test_an_hour_later_all_stand_as_they_stood(came, votes):
    """What is asked later is the same with everything moved back, and so is the difference."""
    hour = timedelta(hours=1)
    moved = heat_of(came + hour, [vote + hour for vote in votes])
    assert moved - heat_of(came, votes) == pytest.approx(hour / HALF_LIFE, abs=1e-6)


@given(moments, st.integers(1, 6))
def test_after_a_half_life_it_takes_two_to_be_as_hot_as_one(came, pairs):
    later = came + HALF_LIFE
    old, new = heat_of(came, [came] * (2 * pairs - 1)), heat_of(later, [later] * (pairs - 1))
    assert old == pytest.approx(new, abs=1e-6)


@given(moments, crowds, moments)
def test_a_vote_that_is_taken_back_leaves_what_was_before(came, votes, vote):
    votes = [max(one, came) for one in votes]
    vote = min(max(vote, came), came + 20 * HALF_LIFE)
    before = heat_of(came, votes)
    assert cooled(warmed(before, vote), vote, came) == pytest.approx(before, abs=0.01)


@given(moments, crowds, moments)
def test_nothing_is_colder_than_the_idea_alone(came, votes, vote):
    assert cooled(heat_of(came, votes), vote, came) >= heat_of(came, ())


def test_what_is_wanted_now_stands_before_what_was_wanted_long_ago():
    old = heat_of(EPOCH, [EPOCH] * 8)
    now = EPOCH + 4 * HALF_LIFE
    assert heat_of(now, [now]) > old


def test_each_vote_weighs_what_its_plan_does_the_heaviest_first():
    lines = weigh({"small": 3, "large": 2, "gone": 1}, {"small": 1, "large": 4})
    assert [(line.plan, line.total) for line in lines] == [("large", 8), ("gone", 1), ("small", 3)]
