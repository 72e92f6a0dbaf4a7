"""Every kind of event has words, in the reader's language and by the pack's names."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from flask_babel import force_locale

from portal.policy.wording import Voice
from portal.tickets.models import Ticket, TicketEvent
from portal.tickets.wording import _KINDS, Teller, secrets_removed
from tests.fixtures.world import NOW

SERVICES = Path(__file__).parents[2] / "portal" / "tickets" / "service"
STEP = {"clock": "first_response", "key": "escalate.breached", "from_tier": "1", "tier": "2"}


@pytest.fixture(autouse=True)
def reading(app):
    with app.test_request_context():
        yield


@pytest.fixture
def ticket() -> Ticket:
    return Ticket(
        number=1042,
        severity="P1",
        category="scheduling",
        team="support",
        plan="business",
        channel="in_app",
        locale="es",
        suggestion={},
    )


@pytest.fixture
def tell(pack, ticket):
    def say(kind: str, *, language: str = "en", **facts):
        by_id = None if facts.pop("by_system", False) else ticket.id or NOW
        event = TicketEvent(kind=kind, at=NOW, by_id=by_id, by_name="Ana", facts=facts)
        with force_locale(language):
            return Teller(Voice(pack, language, "America/New_York"), ticket).line(event)

    return say


def told_kinds() -> set[str]:
    """Every literal kind that a service writes into a timeline."""
    found = set()
    for path in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"tell", "note"}:
                found |= {
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    return found


def test_no_kind_is_without_words():
    assert told_kinds() - set(_KINDS) == set()
    assert "warned" in told_kinds()


@pytest.mark.parametrize(
    ("kind", "facts", "text"),
    [
        ("opened", {"source": "email"}, "Reported by e-mail."),
        ("opened", {"source": "in_app", "follows": 7}, "Reported in the app. It follows #7."),
        ("assigned", {"agent": "Ben", "from_agent": ""}, "Assigned to Ben"),
        ("assigned", {"agent": "Ben", "from_agent": "Ana"}, "Passed from Ana to Ben"),
        ("severity_changed", {"before": {"severity": "P3"}, "after": {"severity": "P1"}},
         "Severity: P3 → P1"),
        ("triaged", {"before": {"team": "support", "category": "gone"},
                     "after": {"team": "billing", "category": "billing"}},
         "Team: Support → Billing; Category: gone → Billing"),
        ("update_promised", {"until": "2026-11-24T19:30:00+00:00"},
         "Promised the next update by Tue 24 Nov, 14:30"),
        ("snoozed", {"until": "2026-11-24T19:30:00+00:00"}, "Snoozed until Tue 24 Nov, 14:30"),
        ("reopened", {"times": 1}, "Opened again"),
        ("reopened", {"times": 3}, "Opened again, 3 times by now"),
        ("closed", {"by_system": True}, "Closed: solved, and no word from the customer since"),
        ("closed", {}, "Closed"),
        ("checked", {"item": "owner"}, "Ticked: Give it an owner"),
        ("unchecked", {"item": "of another pack"}, "Unticked: of another pack"),
        ("escalated", {"why": STEP, "tier": 2, "from_tier": 1},
         "The time for the first answer is over: it goes to Tier 2: technical support"),
        ("paged", {"why": {"clock": "first_response", "key": "page.after_hours"}, "again": True},
         "P1 outside business hours: the engineer on call is paged (a page stands already)"),
        ("followed_up", {"number": 1050}, "Goes on in #1050"),
        ("something_new", {}, "something new"),
    ],
)  # fmt: skip
def test_in_words(tell, kind, facts, text):
    assert tell(kind, **facts).text == text


def test_every_kind_can_be_told_with_the_fewest_facts(tell):
    for kind in _KINDS:
        line = tell(kind)
        assert line.text or kind in {"severity_changed", "triaged"}, kind
        assert line.icon in icons(), kind


def icons() -> str:
    return (Path(__file__).parents[2] / "static" / "icons.svg").read_text()


def test_the_reason_stands_beside(tell):
    assert tell("severity_changed", before={}, after={}, reason="Whole office").why == (
        "Whole office"
    )
    assert tell("resolved", outcome="It runs again").why == "It runs again"


def test_why_somebody_was_chosen(tell):
    why = {
        "merits": ["team", "language", "load"],
        "passed_over": [
            {"name": "Jo", "because": "away"},
            {"name": "Li", "because": "language"},
        ],
    }
    assert tell("assigned", agent="Ben", why=why).why == (
        "is in the team, speaks Spanish, and has the least on the table; "
        "passed over: Jo (is away), Li (does not speak Spanish)"
    )


def test_in_spanish_by_the_packs_own_names(tell):
    told = tell("escalated", language="es", why=STEP, tier=2)
    assert (
        told.text
        == "El plazo para la primera respuesta ha vencido: pasa a Nivel 2: soporte técnico"
    )


def test_reasons_of_the_suggestion(pack, ticket):
    teller = Teller(Voice(pack, "en", "UTC"), ticket)
    assert teller.reasons() == []
    ticket.suggestion = {
        "category": "scheduling",
        "severity": "P1",
        "team": "support",
        "signals": [],
        "escalate": False,
        "reasons": [
            {"about": "severity", "value": "P1", "because": "words", "rule": "outage",
             "words": ["is down"]},
            {"about": "category", "value": "scheduling", "because": "intent", "rule": "forgotten",
             "words": []},
            {"about": "signal", "value": "revenue", "because": "words", "rule": "revenue",
             "words": ["losing money"]},
        ],
    }  # fmt: skip
    (severity, category) = teller.reasons()
    assert severity[:2] == ("severity", "P1")
    assert "“is down”" in severity[2]
    assert category[2] == "because nothing else stood out; please correct it"


def test_what_was_removed():
    assert secrets_removed([]) == ""
    assert "a password" in secrets_removed(["password", "password"])
    both = secrets_removed(["password", "card_number"])
    assert "a password" in both
    assert "a card number" in both


def test_a_moment_is_that_of_the_reader(tell):
    until = (NOW + timedelta(hours=14)).isoformat()  # 05:00 UTC is still the day at midnight there
    assert tell("snoozed", until=until).text.endswith("Wed 25 Nov, 00:00")
