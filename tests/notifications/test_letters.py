"""Letters as another mail program reads them."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.foundation.mail import build
from portal.notifications.kinds import KINDS
from portal.notifications.letters import Draft, Reader, Thread, mark_of, one_line, write
from tests.fixtures.world import NOW

TICKET = UUID("01900000-0000-7000-8000-000000000001")
EVENT = UUID("01900000-0000-7000-8000-000000000002")
THREAD = Thread(1042, TICKET, "Schedule is empty")
OWNER = Reader("owner@acme.test", "Dana Ortiz", "en", "America/New_York")
VALUES = {
    "promise": "We answer by Tuesday, 10:30.",
    "body": "It is **mended**.\n\n<script>alert(1)</script>",
    "words": "It is mended.",
    "files": [{"filename": "schedule.png", "size": 284_000}],
    "solved": False,
    "waits": False,
    "details": [("Severity", "P1")],
    "why": "The time for the first answer is over",
    "facts": {
        "number": 1042,
        "subject": "Schedule is empty",
        "by": "Mara Quinn",
        "due": NOW.isoformat(),
        "tier": 2,
        "error": "timeout",
    },
}


@pytest.fixture
def app(background: Flask) -> Flask:
    return background


def draft(kind: str = "answered", **changes: object) -> Draft:
    usual = Draft(
        template=KINDS[kind].letter,
        at=NOW,
        path="/tickets/1042",
        key=("message", EVENT),
        thread=THREAD,
        values=lambda _: {"kind": KINDS[kind], **VALUES},
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def received(given_draft: Draft, reader: Reader = OWNER) -> EmailMessage:
    raw = build(write(given_draft, reader)).as_bytes()
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_headers_thread_and_keep_robots_quiet(app: Flask) -> None:
    message = received(draft())
    assert message["Subject"] == "[#1042] Schedule is empty"
    assert message["Message-ID"] == f"<message.{EVENT}@corbel.test>"
    first = f"<ticket.{TICKET}@corbel.test>"
    assert message["In-Reply-To"] == message["References"] == first
    assert message["List-Id"] == "<support.corbel.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Reply-To"] == "support@corbel.test"
    assert message["From"] == "Corbel Support <support@corbel.test>"
    assert message["To"] == "Dana Ortiz <owner@acme.test>"
    assert message["X-Corbel-Ticket"] == "1042"
    assert message["Content-Language"] == "en"


def test_first_letter_begins_the_thread(app: Flask) -> None:
    message = received(draft("opened", key=None))
    assert message["Message-ID"] == f"<ticket.{TICKET}@corbel.test>"
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_what_a_person_wrote_is_not_called_automatic(app: Flask) -> None:
    assert received(draft(automatic=None))["Auto-Submitted"] is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("has_account", [True, False])
def test_every_kind_has_a_letter_in_both_forms_and_languages(
    app: Flask, kind: str, locale: str, has_account: bool
) -> None:
    reader = replace(OWNER, locale=locale, has_account=has_account)
    message = received(draft(kind), reader)
    assert message["Content-Language"] == locale
    text, html = part(message, "plain"), part(message, "html")
    for form in (text, html):
        assert "http://127.0.0.1:8000/tickets/1042" in form
        assert "{{" not in form
        assert "None" not in form
    assert f'<html lang="{locale}">' in html
    assert ("/account/notifications" in text) == has_account


def test_letters_speak_the_readers_language(app: Flask) -> None:
    assert "Abrir tu solicitud" in part(received(draft(), replace(OWNER, locale="es")), "plain")


def test_times_are_those_of_the_readers_zone_and_language(app: Flask) -> None:
    assert OWNER.when(NOW) == "Tue 24 Nov, 10:00"
    there = replace(OWNER, locale="es", zone="Europe/Madrid")
    assert there.when(NOW) == "martes 24 de noviembre, 16:00"
    text = part(received(draft("warned"), there), "plain")
    assert "martes 24 de noviembre, 16:00" in text


def test_agents_markdown_arrives_harmless(app: Flask) -> None:
    message = received(draft())
    assert "<strong>mended</strong>" in part(message, "html")
    assert "<script>" not in part(message, "html")
    assert "**mended**" in part(message, "plain")
    assert "schedule.png" in part(message, "html")


def test_nothing_of_the_running_request_shows_through(app: Flask) -> None:
    with app.test_request_context("/", headers={"Host": "evil.test", "Accept-Language": "es"}):
        message = received(draft("opened"))
    everything = message.as_string()
    assert "evil.test" not in everything
    assert message["Content-Language"] == "en"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\x07"])
def test_no_header_can_be_smuggled_in(app: Flask, end: str) -> None:
    bad = f"Hello{end}Bcc: victim@example.com"
    message = received(
        draft(thread=replace(THREAD, subject=bad)), replace(OWNER, name=bad, locale="en")
    )
    assert message["Bcc"] is None
    assert message["Subject"] == "[#1042] Hello Bcc: victim@example.com"
    assert message["To"].addresses[0].addr_spec == "owner@acme.test"


@given(text=st.text(max_size=300))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_subject_makes_a_letter(app: Flask, text: str) -> None:
    message = received(draft(thread=replace(THREAD, subject=text)))
    assert message["Subject"].startswith("[#1042]")


def test_one_line() -> None:
    assert one_line(" a\r\n b\t c\u2029 ") == "a b c"


def test_copies_are_told_apart_without_naming_their_readers() -> None:
    assert mark_of("A@x.test") == mark_of("a@x.test") != mark_of("b@x.test")
    assert "a@x" not in mark_of("a@x.test")
