"""Luneo: targets, coverage, matrix, checks and communication of its runbook."""

import pytest

from portal.core.escalation import Paging
from portal.core.routing import suggest
from portal.policy.loader import load_pack
from tests.policy.figures import CHANNELS, answer, figure, respond_by

PACK = "luneo"


@pytest.mark.parametrize(
    ("severity", "target", "hours"),
    [("P0", "30min", None), ("P1", "2h", None), ("P2", "8h", "office"), ("P3", "24h", "office")],
)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", ["any", "business"])
def test_targets(severity, target, hours, channel, plan):
    assert figure(PACK, severity, plan, channel) == (target, hours)


# Paris, 9:00 to 18:00 from Monday to Friday; 27 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("severity", "at", "due"),
    [
        ("P0", "2026-11-28T02:00:00+01:00", "2026-11-28T01:30:00Z"),
        ("P0", "2026-10-25T02:45:00+02:00", "2026-10-25T01:15:00Z"),
        ("P1", "2026-12-25T10:00:00+01:00", "2026-12-25T11:00:00Z"),
        ("P2", "2026-11-24T09:00:00+01:00", "2026-11-24T16:00:00Z"),
        ("P2", "2026-11-27T14:00:00+01:00", "2026-11-30T12:00:00Z"),
        ("P2", "2026-07-14T10:00:00+02:00", "2026-07-15T15:00:00Z"),  # Bastille Day
        ("P3", "2026-11-24T09:00:00+01:00", "2026-11-26T14:00:00Z"),
        ("P2", "2027-03-26T15:00:00+01:00", "2027-03-30T12:00:00Z"),  # clocks; Easter Monday
    ],
)
def test_instants(severity, at, due):
    assert respond_by(PACK, severity, at) == due


def test_chat_is_open_in_cet_business_hours_and_falls_back_to_email():
    night = answer(PACK, "P2", "2026-11-24T22:00:00+01:00", channel="chat")
    assert night["warnings"] == [
        "Live chat is closed right now and opens Wed 25 Nov, 09:00 (Paris time).",
        "Reach us through email instead.",
    ]
    assert answer(PACK, "P2", "2026-11-24T11:00:00+01:00", channel="chat")["warnings"] == []


def test_email_is_taken_in_around_the_clock():
    assert answer(PACK, "P2", "2026-11-24T22:00:00+01:00", channel="email")["warnings"] == []
    assert load_pack(PACK).channels["email"].fallback == "contact"


def test_no_phone():
    found = answer(PACK, "P2", "2026-11-24T11:00:00+01:00", channel="phone")
    assert found["channel_included"] is False
    assert found["warnings"] == [
        "Phone support is not offered. Reach us through live chat instead."
    ]


@pytest.mark.parametrize(
    ("severity", "page"),
    [
        ("P0", Paging.AFTER_HOURS),
        ("P1", Paging.AFTER_HOURS),
        ("P2", Paging.NEVER),
        ("P3", Paging.NEVER),
    ],
)
def test_on_call_for_p0_and_p1(severity, page):
    assert load_pack(PACK).severity(severity).page is page


@pytest.mark.parametrize(("severity", "tiers"), [("P0", 2), ("P1", 2), ("P2", 1), ("P3", 1)])
def test_engineering_only_for_p0_and_p1(severity, tiers):
    assert load_pack(PACK).escalation_rules(severity).tiers == tiers


@pytest.mark.parametrize(
    ("category", "teams"),
    [
        ("billing", ("backend", "billing")),
        ("account", ("backend", "frontend")),
        ("support_delivery", ("ops", "frontend")),
    ],
)
def test_escalation_matrix(category, teams):
    assert load_pack(PACK).categories[category].teams == teams


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Several customers cannot order", "several_customers"),
        ("We suspect unauthorized access", "security"),
        ("Checkout is down", "revenue"),
        ("Hay varios clientes con el mismo error", "several_customers"),
    ],
)
def test_escalates_at_once(text, signal):
    found = suggest(text, module=None, intent=None, rules=load_pack(PACK).routing)
    assert found.escalate
    assert signal in found.signals


def test_five_triage_steps():
    assert len(load_pack(PACK).checklist) == 5


def test_incident_rules():
    incidents = load_pack(PACK).incidents
    assert incidents.analysis_for == ("P0", "P1")
    assert incidents.follow_up_days == (1, 7)
    assert len(incidents.daily_checks) == 4


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("incident-acknowledge", ["impact", "status", "next_update"]),
        ("incident-update", ["status", "mitigation", "next_update"]),
        ("incident-resolved", ["resolution", "follow_up"]),
    ],
)
def test_incident_communication(key, fields):
    template = load_pack(PACK).templates[key]
    assert template.kind == "incident"
    assert [field.key for field in template.fields] == fields
