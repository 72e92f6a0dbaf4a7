"""StudioVault: targets by plan and severity, limited channels, batches, emergency windows."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from portal.core.entitlements import Window
from portal.core.escalation import Paging
from portal.policy.explain import explain
from portal.policy.loader import load_pack
from tests.policy.figures import CHANNELS, answer, figure

PACK = "studiovault"


@pytest.mark.parametrize(
    ("severity", "plan", "target"),
    [
        ("SEV1", "free", "48h..72h"),
        ("SEV2", "free", "48h..72h"),
        ("SEV3", "free", "48h..72h"),
        ("SEV1", "pro", "<24h"),
        ("SEV2", "pro", "<24h"),
        ("SEV3", "pro", "<24h"),
        ("SEV1", "agency", "<4h"),
        ("SEV2", "agency", "24h"),
        ("SEV3", "agency", "<24h"),
    ],
)
@pytest.mark.parametrize("channel", CHANNELS)
def test_targets(severity, plan, target, channel):
    hours = None if severity == "SEV1" else "weekdays"
    assert figure(PACK, severity, plan, channel) == (target, hours)


def test_nothing_else_is_in_the_table():
    pack = load_pack(PACK)
    assert list(pack.severities) == ["SEV1", "SEV2", "SEV3"]
    assert list(pack.plans) == ["free", "pro", "agency"]


# UTC; weekdays count whole; 27 November 2026 is a Friday.
@pytest.mark.parametrize(
    ("severity", "plan", "at", "due", "outer"),
    [
        ("SEV1", "agency", "2026-11-28T10:00:00Z", "2026-11-28T14:00:00Z", None),
        ("SEV1", "pro", "2026-11-28T10:00:00Z", "2026-11-29T10:00:00Z", None),
        ("SEV1", "free", "2026-11-28T10:00:00Z", "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"),
        ("SEV2", "agency", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z", None),
        ("SEV2", "pro", "2026-11-27T10:00:00Z", "2026-11-30T10:00:00Z", None),
        ("SEV2", "free", "2026-11-26T10:00:00Z", "2026-11-30T10:00:00Z", "2026-12-01T10:00:00Z"),
        ("SEV3", "pro", "2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z", None),
    ],
)
def test_instants(severity, plan, at, due, outer):
    found = answer(PACK, severity, at, plan=plan)
    assert (found["respond_by"], found["outer"]) == (due, outer)


def test_a_range_breaks_at_its_outer_limit():
    found = answer(PACK, "SEV2", "2026-11-23T10:00:00Z", plan="free")
    breach = next(step for step in found["steps"] if step["do"] == "breach")
    assert (found["respond_by"], breach["at"]) == ("2026-11-25T10:00:00Z", "2026-11-26T10:00:00Z")
    assert found["promise"] == (
        "We'll answer within 48–72 working hours: by Wed 25 Nov, 10:00,"
        " at the latest by Thu 26 Nov, 10:00 UTC, on your Free plan."
    )


@pytest.mark.parametrize("plan", ["free", "pro", "agency"])
def test_sev3_is_solved_in_batches_and_the_customer_knows(plan):
    found = answer(PACK, "SEV3", "2026-11-24T10:00:00Z", plan=plan)
    assert (found["resolve"], found["resolve_by"]) == ("next review", "2026-11-26T15:00:00Z")
    assert "resolve" in found["promised"]
    assert found["promise"].endswith("in batches; the next batch is on Thu 26 Nov, 15:00 UTC.")


@pytest.mark.parametrize("severity", ["SEV1", "SEV2"])
def test_goals_of_the_desk_are_not_told(severity):
    found = answer(PACK, severity, "2026-11-24T10:00:00Z", plan="pro")
    assert found["resolve_by"] is not None
    assert found["promised"] == ["respond"]
    assert found["promise"].count(".") == 1


@pytest.mark.parametrize(
    ("plan", "channel", "severity", "category", "open_"),
    [
        ("free", "whatsapp", "SEV1", "payment", False),
        ("pro", "whatsapp", "SEV1", "payment", True),
        ("pro", "whatsapp", "SEV1", "upload", False),
        ("pro", "whatsapp", "SEV2", "payment", False),
        ("pro", "sms", "SEV1", "payment", False),
        ("agency", "whatsapp", "SEV1", "upload", True),
        ("agency", "sms", "SEV1", "booking", True),
        ("agency", "sms", "SEV2", "booking", False),
        ("agency", "email", "SEV3", "access", True),
    ],
)
def test_whatsapp_and_sms_are_for_sev1(plan, channel, severity, category, open_):
    found = load_pack(PACK).entitlement(plan, channel, severity=severity, category=category)
    assert found.included is open_


def test_a_limited_channel_says_what_it_is_for():
    found = answer(PACK, "SEV2", "2026-11-24T10:00:00Z", plan="pro", channel="whatsapp")
    assert found["warnings"] == [
        "On Pro, WhatsApp is for SEV1 billing and payment problems. Reach us through email instead."
    ]


def test_sev1_pages_at_any_hour_and_engineering_is_for_sev1_and_sev2():
    pack = load_pack(PACK)
    assert pack.severity("SEV1").page is Paging.ALWAYS
    assert [pack.escalation_rules(key).tiers for key in pack.severities] == [2, 2, 1]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Clients can't pay the deposit", "payment"),
        ("The booking calendar is empty", "booking"),
        ("Upload stops at 40 %", "upload"),
        ("I am locked out", "access"),
        ("No puedo subir las fotos", "upload"),
    ],
)
def test_the_system_tags_payment_booking_upload_or_access(text, category):
    from portal.core.routing import suggest

    found = suggest(text, module=None, intent=None, rules=load_pack(PACK).routing)
    assert found.category == category


def test_five_workflow_stages():
    assert len(load_pack(PACK).stages) == 5


def test_a_builder_of_another_model_keeps_a_plan():
    pack = load_pack(PACK)
    assert [pack.nearest_plan(plan).key for plan in ("starter", "business", "enterprise", "x")] == [
        "free",
        "pro",
        "agency",
        "free",
    ]


WEDDING = Window(
    UUID(int=1),
    datetime(2026, 11, 27, 12, tzinfo=UTC),
    datetime(2026, 11, 30, 12, tzinfo=UTC),
    "+34 600 000 000",
)


def _during_the_wedding(severity, plan="agency", language="en"):
    return explain(
        load_pack(PACK),
        severity=severity,
        plan=plan,
        channel="sms",
        at=datetime(2026, 11, 28, 10, tzinfo=UTC),
        language=language,
        window=WEDDING,
    )


@pytest.mark.parametrize("severity", ["SEV1", "SEV2"])
def test_wedding_day_has_a_rapid_target_around_the_clock(severity):
    found = _during_the_wedding(severity)
    assert found.to_json()["respond_by"] == "2026-11-28T10:30:00Z"
    assert found.promise == (
        "We'll answer by Sat 28 Nov, 10:30 UTC, under Wedding Day Emergency Support."
        " Your emergency line until Mon 30 Nov, 12:00 UTC: +34 600 000 000."
    )


def test_wedding_day_does_not_speed_up_small_things():
    found = _during_the_wedding("SEV3")
    assert found.emergency is False
    assert found.due.respond_by == datetime(2026, 12, 1, tzinfo=UTC)
    assert "emergency" not in found.promise


def test_wedding_day_in_spanish():
    assert _during_the_wedding("SEV1", language="es").promise == (
        "Te responderemos antes del sábado 28 de noviembre, 10:30 UTC, con Soporte de emergencia"
        " Día de la Boda. Tu línea de emergencia hasta el lunes 30 de noviembre, 12:00 UTC:"
        " +34 600 000 000."
    )


def test_only_agencies_may_have_a_wedding_day():
    assert load_pack(PACK).emergency.plans == ("agency",)
