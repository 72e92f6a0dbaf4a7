"""One voice for promises: both languages, the reader's zone, honest about the rest."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.escalation import Do, Step, Why
from portal.core.routing import Reason, suggest
from portal.core.targets import Due, parse_target
from portal.policy.loader import load_pack
from portal.policy.pack import Rule
from portal.policy.wording import Voice

AT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def voice(pack="module-46", language="en", zone="America/New_York"):
    return Voice(load_pack(pack), language, zone)


@pytest.mark.parametrize(
    ("language", "zone", "text"),
    [
        ("en", "America/New_York", "Tue 24 Nov, 10:30"),
        ("es", "America/New_York", "martes 24 de noviembre, 10:30"),
        ("es-MX", "Europe/Madrid", "martes 24 de noviembre, 16:30"),
        ("es_ES", "Asia/Tokyo", "miércoles 25 de noviembre, 00:30"),
        ("en", None, "Tue 24 Nov, 10:30 (New York time)"),
        ("es", None, "martes 24 de noviembre, 10:30 (hora de Nueva York)"),
        ("xx", "UTC", "Tue 24 Nov, 15:30"),
        ("", "UTC", "Tue 24 Nov, 15:30"),
        ("../x", "UTC", "Tue 24 Nov, 15:30"),
    ],
)
def test_when(language, zone, text):
    assert voice(language=language, zone=zone).when(AT) == text


def test_a_pack_in_utc_says_so_only_to_readers_without_a_zone():
    assert voice("engineers", zone=None).when(AT) == "Tue 24 Nov, 15:30 UTC"
    assert voice("engineers", zone="UTC").when(AT) == "Tue 24 Nov, 15:30"


def test_dates_follow_the_clock_change():
    summer, winter = datetime(2026, 10, 31, 15, tzinfo=UTC), datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert voice().when(summer).endswith("11:00")
    assert voice().when(winter).endswith("10:00")


@pytest.mark.parametrize(
    ("target", "in_hours", "english", "spanish"),
    [
        ("15min", False, "within 15 minutes", "en un plazo de 15 minutos"),
        ("1h", False, "within 1 hour", "en un plazo de 1 hora"),
        ("1h 30min", False, "within 1 hour 30 minutes", "en un plazo de 1 hora 30 minutos"),
        ("4h", True, "within 4 working hours", "en un plazo de 4 horas laborables"),
        ("1h", True, "within 1 working hour", "en un plazo de 1 hora laborable"),
        ("30min", True, "within 30 working minutes", "en un plazo de 30 minutos laborables"),
        ("90min", True, "within 90 working minutes", "en un plazo de 90 minutos laborables"),
        ("<24h", False, "in less than 24 hours", "en menos de 24 horas"),
        ("48h..72h", False, "within 48–72 hours", "en 48–72 horas"),
        ("48h..72h", True, "within 48–72 working hours", "en 48–72 horas laborables"),
        ("1 business day", True, "within 1 business day", "en un plazo de 1 día laborable"),
        ("2 business days", True, "within 2 business days", "en un plazo de 2 días laborables"),
        ("2 days", False, "within 2 days", "en un plazo de 2 días"),
        ("same day", True, "the same day", "el mismo día"),
        ("next review", True, "in the next review", "en la próxima revisión"),
        ("best effort", True, "as soon as we can", "en cuanto podamos"),
    ],
)
def test_targets_in_words(target, in_hours, english, spanish):
    parsed = parse_target(target)
    assert voice(language="en").target(parsed, in_hours=in_hours) == english
    assert voice(language="es").target(parsed, in_hours=in_hours) == spanish


@pytest.mark.parametrize(
    ("target", "due", "english", "spanish"),
    [
        (
            "4h",
            Due(AT),
            "We'll answer by Tue 24 Nov, 10:30, on your Professional plan.",
            "Te responderemos antes del martes 24 de noviembre, 10:30, según tu plan Professional.",
        ),
        (
            "best effort",
            Due(None),
            "We'll answer as soon as we can, on your Professional plan."
            " There is no fixed time for this.",
            "Te responderemos en cuanto podamos, según tu plan Professional."
            " Para esto no hay un plazo fijo.",
        ),
        (
            "48h..72h",
            Due(AT, AT + timedelta(days=1)),
            "We'll answer within 48–72 hours: by Tue 24 Nov, 10:30,"
            " at the latest by Wed 25 Nov, 10:30, on your Professional plan.",
            "Te responderemos en 48–72 horas: antes del martes 24 de noviembre, 10:30,"
            " como muy tarde el miércoles 25 de noviembre, 10:30, según tu plan Professional.",
        ),
        (
            "same day",
            Due(AT),
            "We'll answer the same day, by Tue 24 Nov, 10:30, on your Professional plan.",
            "Te responderemos el mismo día, antes del martes 24 de noviembre, 10:30,"
            " según tu plan Professional.",
        ),
        (
            "next review",
            Due(AT),
            "We'll answer in our next review, by Tue 24 Nov, 10:30, on your Professional plan.",
            "Te responderemos en nuestra próxima revisión,"
            " antes del martes 24 de noviembre, 10:30, según tu plan Professional.",
        ),
    ],
)
def test_promises(target, due, english, spanish):
    rule = Rule(parse_target(target))
    plan = load_pack("module-46").plan("professional")
    assert voice(language="en").promise(rule, due, plan) == english
    assert voice(language="es").promise(rule, due, plan) == spanish


def test_a_solution_is_only_told_where_it_is_promised():
    plan = load_pack("module-46").plan("professional")
    goal = Rule(parse_target("4h"), resolve=parse_target("8h"))
    promised = Rule(
        parse_target("4h"),
        resolve=parse_target("8h"),
        promised=frozenset({"respond", "resolve"}),
    )
    assert "solved" not in voice().promise(goal, Due(AT), plan, resolve_by=AT)
    assert (
        voice()
        .promise(promised, Due(AT), plan, resolve_by=AT)
        .endswith(" We aim to have it solved by Tue 24 Nov, 10:30.")
    )


@pytest.mark.parametrize(
    ("text", "module", "intent", "about", "english", "spanish"),
    [
        (
            "Scheduling is down",
            None,
            None,
            "severity",
            "because it is down for everybody: you wrote “is down”",
            "porque está caído para todos: has escrito “is down”",
        ),
        (
            "it does not open",
            "scheduling",
            None,
            "category",
            "because you were in Scheduling",
            "porque estabas en Planificación",
        ),
        (
            "",
            None,
            "billing",
            "category",
            "because you chose Billing",
            "porque has elegido Facturación",
        ),
        (
            "we were hacked",
            None,
            None,
            "team",
            "because of a warning sign: Security is in doubt",
            "por una señal de alarma: Hay dudas de seguridad",
        ),
        (
            "the estimate",
            None,
            None,
            "team",
            "because Estimating belongs to them",
            "porque Presupuestos les corresponde",
        ),
        (
            "refund and charged",
            None,
            None,
            "category",
            "because you wrote “refund” and “charged”",
            "porque has escrito “refund” y “charged”",
        ),
        (
            "hello",
            None,
            None,
            "severity",
            "because nothing else stood out; please correct it",
            "porque nada más destacaba; corrígelo si hace falta",
        ),
    ],
)
def test_reasons(text, module, intent, about, english, spanish):
    pack = load_pack("module-46")
    found = suggest(text, module=module, intent=intent, rules=pack.routing)
    reason = next(reason for reason in found.reasons if reason.about == about)
    assert voice(language="en").reason(reason) == english
    assert voice(language="es").reason(reason) == spanish


def test_words_of_a_customer_are_never_read_as_gaps():
    reason = Reason("severity", "P1", "words", "outage", ("{situation}", "{words}"))
    assert voice().reason(reason) == (
        "because it is down for everybody: you wrote “{situation}” and “{words}”"
    )


@pytest.mark.parametrize("key", ["warn.share", "breach.unmet", "notify.no_higher_tier"])
@pytest.mark.parametrize("clock", ["first_response", "next_update", "resolution"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_has_words(key, clock, language):
    step = Step(AT, Do.WARN, Why(key, {"clock": clock, "percent": "75%"}))
    words = voice(language=language).step(step, "P1", Rule(parse_target("4h")))
    assert words
    assert "{" not in words


def test_a_goal_of_the_desk_is_no_promise_to_break():
    step = Step(AT, Do.BREACH, Why("breach.unmet", {"clock": "resolution"}))
    goal = Rule(parse_target("4h"), resolve=parse_target("8h"))
    assert voice().step(step, "P1", goal) == "The desk's own goal for the solution is missed"
    promised = Rule(parse_target("4h"), promised=frozenset({"respond", "resolve"}))
    assert voice().step(step, "P1", promised).endswith("the promise counts as broken")


def test_entitlement_says_where_else_to_turn():
    pack = load_pack("module-46")
    plan = pack.plan("starter")
    speaker = voice()
    assert speaker.entitlement(pack.entitlement("starter", "phone"), plan) == (
        "Phone support is available on Business and Enterprise plans — Upgrade."
        " Reach us through email instead."
    )
    assert speaker.entitlement(pack.entitlement("starter", "email"), plan) == ""
