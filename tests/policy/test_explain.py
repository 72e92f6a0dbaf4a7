"""The simulator's answer, whole, and for any question."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import CalendarError
from portal.policy.explain import explain, iso
from portal.policy.loader import load_pack, shipped_packs
from portal.policy.pack import UnknownName
from tests.policy.figures import CHANNELS, answer

KEYS = {
    "pack",
    "version",
    "severity",
    "plan",
    "channel",
    "at",
    "respond_by",
    "outer",
    "promise",
    "target",
    "target_text",
    "business_hours",
    "calendar",
    "zone",
    "open_now",
    "page",
    "pages_at_once",
    "emergency",
    "steps",
    "update",
    "resolve",
    "resolve_by",
    "promised",
    "resolution_steps",
    "channel_included",
    "plans_with_channel",
    "channel_instead",
    "note",
    "warnings",
    "language",
}


def test_the_whole_answer():
    found = answer("module-46", "P2", "2026-11-24T15:30:00+00:00", plan="business")
    assert set(found) == KEYS
    assert found | {"steps": [], "resolution_steps": []} == {
        "pack": "module-46",
        "version": "1",
        "severity": "P2",
        "plan": "business",
        "channel": "email",
        "at": "2026-11-24T15:30:00Z",
        "respond_by": "2026-11-24T19:30:00Z",
        "outer": None,
        "promise": "We'll answer by Tue 24 Nov, 14:30 (New York time), on your Business plan.",
        "target": "4h",
        "target_text": "within 4 working hours",
        "business_hours": True,
        "calendar": "office",
        "zone": "America/New_York",
        "open_now": True,
        "page": "never",
        "pages_at_once": False,
        "emergency": False,
        "steps": [],
        "update": "10h",
        "resolve": "20h",
        "resolve_by": "2026-11-27T15:30:00Z",
        "promised": ["respond"],
        "resolution_steps": [],
        "channel_included": True,
        "plans_with_channel": [],
        "channel_instead": None,
        "note": None,
        "warnings": [],
        "language": "en",
    }
    assert found["steps"][0] == {
        "at": "2026-11-24T18:30:00Z",
        "do": "warn",
        "why": "75% of the time for the first answer is used up: the owner is warned",
        "tier": None,
    }
    assert [step["do"] for step in found["steps"]] == ["warn", "breach", "escalate", "escalate"]
    assert found["steps"][1]["at"] == found["respond_by"]


def test_a_plan_nobody_distinguishes_is_echoed():
    assert answer("luneo", "P1", "2026-11-24T15:30:00Z", plan="business")["plan"] == "business"
    assert answer("module-46", "P1", "2026-11-24T15:30:00Z", plan="free")["plan"] == "starter"


@pytest.mark.parametrize(
    ("severity", "plan", "channel", "what"),
    [
        ("S0", "starter", "email", "severity"),
        ("p1", "starter", "email", "severity"),
        ("P1", "gold", "email", "plan"),
        ("P1", "", "email", "plan"),
        ("P1", "starter", "fax", "channel"),
    ],
)
def test_unknown_names_are_told_with_the_known_ones(severity, plan, channel, what):
    with pytest.raises(UnknownName) as unknown:
        answer("module-46", severity, "2026-11-24T15:30:00Z", plan=plan, channel=channel)
    assert unknown.value.what == what
    assert unknown.value.known[0] in str(unknown.value)


def test_a_naive_time_is_refused():
    with pytest.raises(CalendarError):
        answer("module-46", "P1", "2026-11-24T15:30:00", plan="starter")


def test_times_are_utc_to_the_second():
    east = timezone(timedelta(hours=5, minutes=30))
    assert iso(datetime(2026, 11, 24, 1, 2, 3, 999, east)) == "2026-11-23T19:32:03Z"
    assert iso(None) is None


ALL = [(key, *combination) for key in shipped_packs() for combination in load_pack(key).rules]
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14))]),
)


def test_every_pack_takes_every_channel():
    for key in shipped_packs():
        assert set(CHANNELS) <= set(load_pack(key).channels)


@given(st.sampled_from(ALL), MOMENTS, st.sampled_from(["en", "es"]))
def test_any_question_has_a_sound_answer(question, at, language):
    key, severity, plan, channel = question
    explained = explain(
        load_pack(key), severity=severity, plan=plan, channel=channel, at=at, language=language
    )
    found = explained.to_json()
    assert set(found) == KEYS
    assert "{" not in found["promise"] + "".join(found["warnings"])
    due, outer = explained.due.respond_by, explained.due.outer
    assert (due is None) == (found["target"] == "best effort")
    if due:
        assert at < due <= (outer or due)
        breach = next(step for step in explained.steps if step.do == "breach")
        assert breach.at == (outer or due)
    times = [step.at for step in explained.steps]
    assert times == sorted(times)
    assert all(step.at >= at and step.why and "{" not in step.why for step in explained.steps)


@pytest.mark.parametrize("key", shipped_packs())
def test_every_combination_is_answered_in_both_languages(key):
    pack = load_pack(key)
    for severity, plan, channel in product(pack.severities, pack.plans, pack.channels):
        sentences = {
            answer(
                key,
                severity,
                "2026-11-28T23:30:00Z",
                plan=plan,
                channel=channel,
                language=language,
            )["promise"]
            for language in ("en", "es")
        }
        assert len(sentences) == 2
