"""buildr-plannr, figure by figure from its severity model, flow and templates."""

import pytest

from portal.core.escalation import Paging
from portal.policy.loader import load_pack
from tests.policy.figures import CHANNELS, answer, figure, respond_by

PACK = "buildr-plannr"


@pytest.mark.parametrize(
    ("severity", "target", "hours", "owners"),
    [
        ("S0", "same day", None, ("security", "platform", "billing")),
        ("S1", "1 business day", "office", ("product", "auth", "billing", "success")),
        ("S2", "2 business days", "office", ("support", "success")),
        ("S3", "next review", "office", ("product", "docs")),
    ],
)
@pytest.mark.parametrize("plan", ["standard", "enterprise", "whatever"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_severity_model(severity, target, hours, owners, plan, channel):
    assert figure(PACK, severity, plan, channel) == (target, hours)
    assert load_pack(PACK).severity(severity).owners == owners


def test_only_four_severities():
    assert list(load_pack(PACK).severities) == ["S0", "S1", "S2", "S3"]


# UTC, 9:00 to 17:00 from Monday to Friday, review on Monday 15:00; 27 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("severity", "at", "due"),
    [
        ("S0", "2026-11-27T08:00:00Z", "2026-11-27T23:59:00Z"),
        ("S0", "2026-11-28T20:00:00Z", "2026-11-28T23:59:00Z"),
        ("S0", "2026-11-27T23:59:30Z", "2026-11-28T23:59:00Z"),
        ("S1", "2026-11-26T12:00:00Z", "2026-11-27T17:00:00Z"),
        ("S1", "2026-11-27T12:00:00Z", "2026-11-30T17:00:00Z"),
        ("S1", "2026-11-28T12:00:00Z", "2026-11-30T17:00:00Z"),
        ("S2", "2026-11-26T12:00:00Z", "2026-11-30T17:00:00Z"),
        ("S2", "2026-11-27T20:00:00Z", "2026-12-01T17:00:00Z"),
        ("S3", "2026-11-27T12:00:00Z", "2026-11-30T15:00:00Z"),
        ("S3", "2026-11-30T15:00:00Z", "2026-12-07T15:00:00Z"),
    ],
)
def test_instants(severity, at, due):
    assert respond_by(PACK, severity, at) == due


def test_s0_is_paged_at_any_hour():
    assert load_pack(PACK).severity("S0").page is Paging.ALWAYS
    found = answer(PACK, "S0", "2026-11-25T10:00:00Z")
    assert found["steps"][0]["do"] == "page"
    assert found["note"] == "Immediately when somebody is reachable."


@pytest.mark.parametrize("severity", ["S1", "S2", "S3"])
def test_nothing_else_is_paged(severity):
    assert load_pack(PACK).severity(severity).page is Paging.NEVER


@pytest.mark.parametrize(
    ("severity", "sentence"),
    [
        ("S0", "We'll answer the same day, by Wed 25 Nov, 23:59 UTC."),
        ("S1", "We'll answer by Thu 26 Nov, 17:00 UTC."),
        ("S2", "We'll answer by Fri 27 Nov, 17:00 UTC."),
        ("S3", "We'll answer in our next review, by Mon 30 Nov, 15:00 UTC."),
    ],
)
def test_promises_name_no_plan(severity, sentence):
    assert answer(PACK, severity, "2026-11-25T10:00:00Z")["promise"] == sentence


def test_breach_goes_to_the_owners_of_the_severity():
    pack = load_pack(PACK)
    assert pack.team_of_tier("S0", 2) == "security"
    assert pack.team_of_tier("S3", 2) == "product"
    assert pack.team_of_tier("S3", 1) == "support"


def test_seven_stages_in_order():
    assert [stage.key for stage in load_pack(PACK).stages] == [
        "intake",
        "triage",
        "response",
        "ownership",
        "recovery",
        "enterprise",
        "resolution",
    ]


def test_triage_asks_for_five_things():
    assert [check.text.to("en") for check in load_pack(PACK).checklist] == [
        "Customer impact",
        "Agent risk",
        "Billing risk",
        "Account access risk",
        "Enterprise commitments",
    ]


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("request-acknowledgement", ["Severity", "Owner", "Next update target"]),
        (
            "billing-review",
            ["Workspace role", "Invoice or subscription reference", "Requested outcome"],
        ),
        ("account-recovery", ["Workspace", "Requester role", "Approved recovery route"]),
        (
            "enterprise-escalation",
            ["Customer owner", "Internal owner", "Deadline or launch impact"],
        ),
        ("incident-update", ["Affected surface", "Current status", "Next update time"]),
        (
            "agent-clarification",
            ["Task contract", "Missing context or approval", "Required evidence"],
        ),
    ],
)
def test_templates_require_what_the_seed_requires(key, labels):
    fields = load_pack(PACK).templates[key].fields
    assert [field.label.to("en") for field in fields] == labels
    assert all(field.required for field in fields)


def test_there_are_six_templates():
    assert len(load_pack(PACK).templates) == 6


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("An agent deleted our customers' records", "S0"),
        ("The app is down for everyone", "S0"),
        ("I cannot log in as workspace owner", "S1"),
        ("Checkout is blocked", "S1"),
        ("The copy on this page is confusing", "S2"),
        ("I have a question about roles", "S3"),
    ],
)
def test_suggested_severity(text, severity):
    from portal.core.routing import suggest

    found = suggest(text, module=None, intent=None, rules=load_pack(PACK).routing)
    assert found.severity == severity
