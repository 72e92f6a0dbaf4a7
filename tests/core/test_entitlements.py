from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.entitlements import Offer, Window, active_window, entitlement

OFFERS = (
    Offer("starter", ("email",)),
    Offer("professional", ("email", "chat")),
    Offer("business", ("email", "chat", "phone")),
)
FALLBACKS = {"phone": "chat", "chat": "email", "sms": "whatsapp", "whatsapp": "sms"}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ask(plan, channel, offers=OFFERS):
    return entitlement(offers, plan=plan, channel=channel, fallbacks=FALLBACKS)


def test_an_included_channel_needs_nothing_else():
    found = ask("business", "phone")
    assert (found.included, found.plans_with, found.instead) == (True, (), None)


@pytest.mark.parametrize(
    ("plan", "channel", "plans_with", "instead"),
    [
        ("starter", "phone", ("business",), "email"),
        ("professional", "phone", ("business",), "chat"),
        ("starter", "chat", ("professional", "business"), "email"),
        ("starter", "sms", (), "email"),  # its fallbacks run in a circle
        ("starter", "pigeon", (), "email"),
    ],
)
def test_a_missing_channel_names_the_plans_and_a_way(plan, channel, plans_with, instead):
    found = ask(plan, channel)
    assert (found.included, found.plans_with, found.instead) == (False, plans_with, instead)


def test_a_plan_without_channels_has_no_other_way():
    assert ask("none", "chat", (Offer("none", ()),)).instead is None


def test_an_unknown_plan_is_an_error():
    with pytest.raises(KeyError):
        ask("gold", "chat")


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")),
    st.sets(st.sampled_from("abcdef")),
    st.sampled_from("abcdef"),
)
def test_the_other_way_is_always_one_of_the_plan(fallbacks, channels, wanted):
    offer = Offer("x", tuple(sorted(channels)))
    found = entitlement([offer], plan="x", channel=wanted, fallbacks=fallbacks)
    assert found.included == (wanted in channels)
    assert found.instead is None or found.instead in channels
    assert found.included or bool(found.instead) == bool(channels)


def window(start=0, end=2, number=1, cancelled=None):
    return Window(
        UUID(int=number),
        NOON + start * HOUR,
        NOON + end * HOUR,
        "+1 555 0100",
        cancelled_at=None if cancelled is None else NOON + cancelled * HOUR,
    )


@pytest.mark.parametrize(("at", "covered"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_window_covers_its_start_and_not_its_end(at, covered):
    assert window().covers(NOON + at * HOUR) is covered


def test_a_cancelled_window_has_covered_what_came_before():
    cut_short = window(cancelled=1)
    assert cut_short.covers(NOON)
    assert not cut_short.covers(NOON + HOUR)
    assert not window(cancelled=-1).covers(NOON)


def test_the_longest_open_window_counts():
    short, long, later = window(), window(end=5, number=2), window(start=3, end=9, number=3)
    assert active_window([short, long, later], NOON) == long
    assert active_window([later], NOON) is None
    assert active_window([], NOON) is None
