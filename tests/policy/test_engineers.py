"""Engineers support engineers: response times by channel, no tiers."""

import pytest

from portal.core.escalation import Paging
from portal.policy.loader import load_pack
from tests.policy.figures import CHANNELS, answer, figure, respond_by

PACK = "engineers"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", ["standard", "enterprise", "whatever"])
def test_critical_is_an_hour_on_any_channel(plan, channel):
    assert figure(PACK, "critical", plan, channel) == ("1h", None)


@pytest.mark.parametrize(
    ("channel", "target", "hours"),
    [
        ("github", "24h", "weekdays"),
        ("discord", "same day", "community"),
        ("email", "24h", "weekdays"),
        ("slack", "4h", "weekdays"),
        *((channel, "24h", "weekdays") for channel in ("in_app", "contact", "chat", "phone")),
        *((channel, "24h", "weekdays") for channel in ("whatsapp", "sms")),
    ],
)
def test_normal_by_channel(channel, target, hours):
    assert figure(PACK, "normal", "standard", channel) == (target, hours)


# UTC; weekdays count whole, Discord's day ends at 18:00; 27 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("severity", "channel", "at", "due"),
    [
        ("critical", "discord", "2026-11-28T03:00:00Z", "2026-11-28T04:00:00Z"),
        ("normal", "github", "2026-11-24T03:00:00Z", "2026-11-25T03:00:00Z"),
        ("normal", "github", "2026-11-27T15:00:00Z", "2026-11-30T15:00:00Z"),
        ("normal", "email", "2026-11-28T15:00:00Z", "2026-12-01T00:00:00Z"),
        ("normal", "discord", "2026-11-24T10:00:00Z", "2026-11-24T18:00:00Z"),
        ("normal", "discord", "2026-11-24T19:00:00Z", "2026-11-25T18:00:00Z"),
        ("normal", "discord", "2026-11-28T10:00:00Z", "2026-11-30T18:00:00Z"),
        ("normal", "slack", "2026-11-24T10:00:00Z", "2026-11-24T14:00:00Z"),
        ("normal", "slack", "2026-11-27T22:00:00Z", "2026-11-30T02:00:00Z"),
    ],
)
def test_instants(severity, channel, at, due):
    assert respond_by(PACK, severity, at, channel=channel) == due


def test_critical_pages_at_once_and_the_rest_never():
    pack = load_pack(PACK)
    assert pack.severity("critical").page is Paging.ALWAYS
    assert pack.severity("normal").page is Paging.NEVER
    assert answer(PACK, "critical", "2026-11-24T10:00:00Z")["pages_at_once"] is True


def test_no_tiers_the_first_responder_owns_it():
    pack = load_pack(PACK)
    assert pack.escalation.tiers == ()
    assert pack.assignment.first_responder_owns
    steps = answer(PACK, "normal", "2026-11-24T10:00:00Z")["steps"]
    assert [step["do"] for step in steps] == ["warn", "breach", "notify"]


def test_slack_comes_with_a_dedicated_engineer_on_enterprise():
    pack = load_pack(PACK)
    assert pack.entitlement("enterprise", "slack").included
    missing = pack.entitlement("startup", "slack")
    assert (missing.plans_with, missing.instead) == (("enterprise",), "email")
    assert pack.plan("enterprise").perks[0].to("en") == "Dedicated account engineer"
    note = pack.rule_for("normal", "enterprise", "slack").note
    assert note.to("en") == "Your dedicated account engineer answers."


def test_severities():
    assert list(load_pack(PACK).severities) == ["critical", "normal"]
