"""Module 46, figure by figure from its SLA matrix, plans and escalation rules."""

import pytest

from portal.core.escalation import Paging
from portal.policy.loader import load_pack
from portal.policy.wording import Voice
from tests.policy.figures import CHANNELS, answer, figure, respond_by

PACK = "module-46"
PLANS = ("starter", "professional", "business", "enterprise")
MATRIX = {
    "P1": ("4h", "2h", "1h", "15min"),
    "P2": ("24h", "8h", "4h", "1h"),
    "P3": ("48h", "24h", "8h", "4h"),
    "P4": ("best effort", "48h", "24h", "8h"),
}
CELLS = [
    (severity, plan, target)
    for severity, row in MATRIX.items()
    for plan, target in zip(PLANS, row, strict=True)
]


@pytest.mark.parametrize(("severity", "plan", "target"), CELLS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_matrix(severity, plan, target, channel):
    hours = None if severity == "P1" else "office"
    assert figure(PACK, severity, plan, channel) == (target, hours)


def test_nothing_else_is_in_the_matrix():
    pack = load_pack(PACK)
    assert tuple(pack.severities) == tuple(MATRIX)
    assert tuple(pack.plans) == PLANS
    assert len(pack.rules) == len(CELLS) * len(CHANNELS)


# New York, 8:00 to 18:00 from Monday to Friday; 24 November 2026 is a Tuesday.
@pytest.mark.parametrize(
    ("severity", "plan", "at", "due"),
    [
        # P1 takes no notice of nights, weekends, holidays or clock changes
        ("P1", "starter", "2026-11-28T03:00:00-05:00", "2026-11-28T12:00:00Z"),
        ("P1", "professional", "2026-11-26T12:00:00-05:00", "2026-11-26T19:00:00Z"),
        ("P1", "business", "2026-11-01T01:30:00-04:00", "2026-11-01T06:30:00Z"),
        ("P1", "enterprise", "2027-03-14T01:50:00-05:00", "2027-03-14T07:05:00Z"),
        # within one day
        ("P2", "business", "2026-11-24T10:00:00-05:00", "2026-11-24T19:00:00Z"),
        ("P2", "enterprise", "2026-11-24T16:30:00-05:00", "2026-11-24T22:30:00Z"),
        # over the night, and queued at night for the next business day
        ("P2", "business", "2026-11-23T16:00:00-05:00", "2026-11-24T15:00:00Z"),
        ("P2", "business", "2026-11-23T23:00:00-05:00", "2026-11-24T17:00:00Z"),
        # over the weekend
        ("P2", "professional", "2026-11-20T14:00:00-05:00", "2026-11-23T17:00:00Z"),
        ("P3", "enterprise", "2026-11-21T12:00:00-05:00", "2026-11-23T17:00:00Z"),
        # Thanksgiving on Thursday 26 November
        ("P2", "professional", "2026-11-25T15:30:00-05:00", "2026-11-27T18:30:00Z"),
        ("P4", "enterprise", "2026-11-26T09:00:00-05:00", "2026-11-27T21:00:00Z"),
        # 24 and 48 hours of ten-hour days
        ("P2", "starter", "2026-11-16T08:00:00-05:00", "2026-11-18T17:00:00Z"),
        ("P3", "starter", "2026-11-09T08:00:00-05:00", "2026-11-16T21:00:00Z"),
        # the clocks go back on Sunday 1 November, forward on 14 March: same wall clock
        ("P2", "business", "2026-10-30T16:00:00-04:00", "2026-11-02T15:00:00Z"),
        ("P2", "business", "2027-03-12T16:00:00-05:00", "2027-03-15T14:00:00Z"),
        ("P4", "starter", "2026-11-24T10:00:00-05:00", None),
    ],
)
def test_instants(severity, plan, at, due):
    assert respond_by(PACK, severity, at, plan=plan) == due


def test_veterans_day_is_a_holiday():
    """The long P3 above passes Wednesday 11 November."""
    office = load_pack(PACK).calendars["office"].calendar
    assert "2026-11-11" in {str(day) for day in office.closed}


@pytest.mark.parametrize(
    ("plan", "extra"),
    [
        ("starter", set()),
        ("professional", {"chat"}),
        ("business", {"chat", "phone"}),
        ("enterprise", {"chat", "phone"}),
    ],
)
def test_channels_by_plan(plan, extra):
    assert set(load_pack(PACK).plan(plan).channels) == {"email", "in_app", "contact"} | extra


def test_free_is_another_name_of_starter():
    assert load_pack(PACK).plan("free").key == "starter"
    assert load_pack(PACK).plan("starter").name.to("en") == "Free/Starter"


def test_enterprise_gets_a_dedicated_manager():
    (perk,) = load_pack(PACK).plan("enterprise").perks
    assert perk.to("en") == "Dedicated customer success manager"


@pytest.mark.parametrize(
    ("channel", "english", "spanish"),
    [
        (
            "phone",
            "Phone support is available on Business and Enterprise plans — Upgrade",
            "El soporte por teléfono está disponible en los planes Business y Enterprise"
            " — Mejorar plan",
        ),
        (
            "chat",
            "Live chat support is available on Professional, Business, and Enterprise plans"
            " — Upgrade",
            "El soporte por chat en vivo está disponible en los planes Professional, Business y"
            " Enterprise — Mejorar plan",
        ),
        ("discord", "Discord support is not offered.", "No ofrecemos soporte por Discord."),
    ],
)
def test_upgrade_text(channel, english, spanish):
    pack = load_pack(PACK)
    missing = pack.entitlement("starter", channel)
    assert not missing.included
    assert Voice(pack, "en").upgrade(missing) == english
    assert Voice(pack, "es").upgrade(missing) == spanish


def test_three_tiers():
    tiers = [(tier.number, tier.team) for tier in load_pack(PACK).escalation.tiers]
    assert tiers == [(1, "support"), (2, "technical"), (3, "engineering")]


@pytest.mark.parametrize("severity", ["P2", "P3", "P4"])
def test_only_p1_pages(severity):
    assert load_pack(PACK).severity("P1").page is Paging.AFTER_HOURS
    assert load_pack(PACK).severity(severity).page is Paging.NEVER


def test_p1_at_night_pages_and_climbs_all_tiers():
    steps = answer(PACK, "P1", "2026-11-24T22:00:00-05:00", plan="enterprise")["steps"]
    assert [(step["at"][11:16], step["do"], step["tier"]) for step in steps] == [
        ("03:00", "page", None),
        ("03:11", "warn", None),
        ("03:15", "breach", None),
        ("03:15", "escalate", 2),
        ("03:15", "page", None),
        ("03:22", "escalate", 3),
    ]


def test_p1_by_day_does_not_page_at_once():
    found = answer(PACK, "P1", "2026-11-24T10:00:00-05:00", plan="enterprise")
    assert found["pages_at_once"] is False
    assert found["steps"][0]["do"] == "warn"


def test_flags_surge_and_referrals():
    pack = load_pack(PACK)
    assert (pack.escalation.flags.tickets, pack.escalation.flags.days) == (3, 7)
    assert (pack.incidents.factor, pack.incidents.minutes) == (10, 30)
    assert str(pack.referral) == "2 business days"
    assert pack.assignment.max_active_tickets == 20


def test_promise_names_date_and_plan():
    found = answer(PACK, "P2", "2026-11-24T08:30:00-05:00", plan="business")
    assert found["promise"] == (
        "We'll answer by Tue 24 Nov, 12:30 (New York time), on your Business plan."
    )


def test_best_effort_is_said_honestly():
    found = answer(PACK, "P4", "2026-11-24T08:30:00-05:00", plan="starter")
    assert found["promise"] == (
        "We'll answer as soon as we can, on your Free/Starter plan."
        " There is no fixed time for this."
    )
    assert found["steps"] == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Scheduling is down, nobody can work", "P1"),
        ("La planificación está caída", "P1"),
        ("The export button is broken", "P2"),
        ("No puedo enviar presupuestos", "P2"),
        ("There is a typo on the invoice page", "P3"),
        ("How do I copy an estimate?", "P4"),
        ("¿Cómo puedo copiar un presupuesto?", "P4"),
        ("Hello", "P3"),
    ],
)
def test_suggested_severity(text, severity):
    assert _suggested(text).severity == severity


@pytest.mark.parametrize(
    ("text", "module", "category", "team"),
    [
        ("It does not save", "scheduling", "scheduling", "support"),
        ("Please refund last month, we were charged twice", None, "billing", "billing"),
        ("Nos han cobrado dos veces, queremos un reembolso", None, "billing", "billing"),
        ("The QuickBooks sync stopped", None, "integrations", "technical"),
        ("We need training for five new people", None, "training", "services"),
        ("It would be nice to have dark mode", None, "feature_request", "product"),
    ],
)
def test_suggested_category(text, module, category, team):
    found = _suggested(text, module)
    assert (found.category, found.team) == (category, team)


@pytest.mark.parametrize(
    ("text", "signal", "severity"),
    [
        ("We see another company's data in our invoices", "security", "P1"),
        ("All our clients see a wrong color", "several_customers", "P2"),
        ("Los pagos fallan desde esta mañana", "revenue", "P1"),
    ],
)
def test_signals_escalate_at_once(text, signal, severity):
    found = _suggested(text)
    assert signal in found.signals
    assert found.escalate
    assert found.severity == severity


def _suggested(text, module=None):
    from portal.core.routing import suggest

    return suggest(text, module=module, intent=None, rules=load_pack(PACK).routing)
