import ipaddress
import smtplib
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from portal.foundation.mail import (
    InvalidLetter,
    Letter,
    Outcome,
    PermanentFailure,
    Sent,
    SmtpTransport,
    TemporaryFailure,
    build,
    message_id,
    transport_from,
)
from portal.foundation.mail.letters import LONGEST_SUBJECT, MOST_REFERENCES
from tests.fixtures.processes import GENEROUS
from tests.support.smtp_receiver import HANG_UP, SILENCE, Answer, Drip, SmtpReceiver

AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def letter(**changes: object) -> Letter:
    usual = {
        "to": "ana@example.com",
        "sender": "support@corbel.test",
        "subject": "We have your ticket #1042",
        "text": "We answer by Tuesday, 10:30.\n",
        "written_at": AT,
        "message_id": message_id("message", "0190", "corbel.test"),
    }
    return Letter(**usual | changes)  # type: ignore[arg-type]


def received(**changes: object) -> EmailMessage:
    """The letter as another program reads it from the wire."""
    return message_from_bytes(build(letter(**changes)).as_bytes(), policy=policy.default)


def content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


# Building


def test_both_parts_are_there_and_read_back_exactly():
    message = received(text="Línea uno\n\n.punto\n", html="<p>Línea <b>uno</b></p>\n")
    assert message.get_content_type() == "multipart/alternative"
    assert content(message, "plain") == "Línea uno\n\n.punto\n"
    assert content(message, "html") == "<p>Línea <b>uno</b></p>\n"


def test_without_html_there_is_only_text():
    assert received().get_content_type() == "text/plain"


def test_headers_of_a_notification():
    message = received(
        to_name="Ana Núñez",
        sender_name="Ridge & Sons",
        reply_to="reply+t1042.sig@corbel.test",
        list_id="tickets.corbel.test",
        unsubscribe="https://corbel.test/unsubscribe/" + "t" * 120,
        language="es",
        headers={"X-Corbel-Ticket": "1042"},
    )
    assert message["From"] == "Ridge & Sons <support@corbel.test>"
    assert message["To"] == "Ana Núñez <ana@example.com>"
    assert message["Reply-To"] == "reply+t1042.sig@corbel.test"
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<message.0190@corbel.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "<tickets.corbel.test>"
    assert message["List-Unsubscribe"] == f"<https://corbel.test/unsubscribe/{'t' * 120}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Content-Language"] == "es"
    assert message["X-Corbel-Ticket"] == "1042"


def test_what_a_person_wrote_is_not_called_automatic():
    assert received(automatic=None)["Auto-Submitted"] is None


def test_the_first_letter_of_a_thread_refers_to_nothing():
    message = received()
    assert message["References"] is None
    assert message["In-Reply-To"] is None


def test_a_reply_refers_to_the_whole_thread_once():
    message = received(references=("<a@x>", "<b@x>"), in_reply_to="<b@x>")
    assert message["In-Reply-To"] == "<b@x>"
    assert message["References"] == "<a@x> <b@x>"


def test_long_threads_keep_the_first_and_the_latest():
    message = received(references=tuple(f"<{n}@x>" for n in range(100)), in_reply_to="<last@x>")
    ids = message["References"].split()
    assert len(ids) == MOST_REFERENCES
    assert (ids[0], ids[-2], ids[-1]) == ("<0@x>", "<99@x>", "<last@x>")


def test_long_ids_are_neither_encoded_nor_broken():
    long = f"<{'x' * 200}@outlook.example>"
    raw = build(letter(in_reply_to=long, references=("<a@x>", long))).as_bytes()
    assert f"In-Reply-To: {long}\r\n".encode() in raw
    assert f"References: <a@x>\r\n {long}\r\n".encode() in raw


def test_message_ids_depend_on_nothing_but_the_thing():
    assert message_id("message", 7, "corbel.test") == message_id("message", 7, "corbel.test")
    assert message_id("message", 7, "corbel.test") != message_id("note", 7, "corbel.test")


SUBJECTS = [
    "Plain",
    "¿Pueden ayudarnos con las órdenes de trabajo del martes? 🏗️ " * 5,
    "スケジュールが開かない" * 20,
    "=?utf-8?q?=0D=0ABcc:_x@example.com?=",
    'with "quotes", <angles> and \\backslashes\\',
    "x" * 300,
    "a  two  spaces",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_arrive_as_written(subject):
    message = received(subject=subject)
    assert message["Subject"] == subject.strip().replace("=?", "= ?")
    assert message["Bcc"] is None


def test_an_endless_subject_is_clipped():
    assert len(received(subject="á" * 5000)["Subject"]) == LONGEST_SUBJECT


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=80))
@example("Núñez, Ana (Ridge & Sons)")
@example('Ana "la jefa" Núñez')
@example("=?utf-8?q?=0ABcc:x@example.com?=")
@example("attacker@example.com")
@example("Ñ" * 80)
def test_names_never_change_who_is_written_to(name):
    message = received(to_name=name, sender_name=name)
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == ["support@corbel.test"]
    assert set(message.keys()) == set(received().keys())


@pytest.mark.parametrize("name", ["Núñez, Ana (Ridge & Sons)", 'Ana "la jefa" Núñez', "O'Hara; Bo"])
def test_names_with_signs_read_back(name):
    [address] = received(to_name=name)["To"].addresses
    assert address.display_name == name


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\x00b", "a\u2028b"])
@pytest.mark.parametrize(
    "field",
    [
        "subject",
        "to",
        "to_name",
        "sender",
        "sender_name",
        "reply_to",
        "message_id",
        "in_reply_to",
        "list_id",
        "unsubscribe",
        "language",
    ],
)
def test_line_breaks_in_headers_are_refused(field, nasty):
    with pytest.raises(InvalidLetter, match=field):
        build(letter(**{field: nasty}))


def test_line_breaks_in_references_and_own_headers_are_refused():
    with pytest.raises(InvalidLetter, match="references"):
        build(letter(references=("<a@x>\r\nBcc: x",)))
    with pytest.raises(InvalidLetter, match="X-Ticket"):
        build(letter(headers={"X-Ticket": "1\r\nBcc: x"}))
    with pytest.raises(InvalidLetter, match="header name"):
        build(letter(headers={"X-Ticket: 1\r\nBcc": "x"}))


@pytest.mark.parametrize("name", ["Bcc", "to", "Content-Type", "Message-ID"])
def test_own_headers_do_not_replace_the_letter_s(name):
    with pytest.raises(InvalidLetter, match="header name"):
        build(letter(headers={name: "x@example.com"}))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "a b@example.com",
        "ana@example.com, bo@example.com",
        "<ana@example.com>",
        "ana@exa@mple.com",
        "a" * 65 + "@example.com",
        "ana@.example..com",
        "ana@" + "x" * 70 + ".com",
    ],
)
def test_impossible_addresses_are_refused(address):
    with pytest.raises(InvalidLetter, match="to: "):
        build(letter(to=address))


@pytest.mark.parametrize("address", ["ana+corbel@example.co.uk", "o'hara@example.com", "a.b@x.io"])
def test_usual_addresses_are_kept(address):
    assert received(to=address)["To"].addresses[0].addr_spec == address


def test_times_need_a_zone():
    with pytest.raises(InvalidLetter, match="written_at"):
        build(letter(written_at=datetime(2026, 11, 24)))  # noqa: DTZ001


def test_broken_unicode_and_nul_do_not_stop_a_letter():
    message = received(text="a\ud800b\x00c\n", html="<p>\ud800</p>\n")
    assert content(message, "plain") == "a?bc\n"
    assert content(message, "html") == "<p>?</p>\n"


def test_no_line_is_longer_than_mail_allows():
    raw = build(letter(text="x" * 5000, html="ñ" * 5000, subject="ñ" * 300)).as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_letter_survives_json():
    full = letter(references=("<a@x>",), in_reply_to="<a@x>", html="<p>", headers={"X-A": "b"})
    assert Letter.from_payload(full.payload()) == full


# Sending


def sent(
    script: dict[str, Answer] | None = None, timeout: float = 5, **changes: object
) -> tuple[Outcome, SmtpReceiver]:
    with SmtpReceiver(script) as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, timeout=timeout)
        return transport.send(letter(**changes)), receiver


def test_a_letter_arrives():
    outcome, receiver = sent(text=".dots\n.\nat line starts\n", bounces_to="bounce+7@corbel.test")
    assert outcome == Sent("<message.0190@corbel.test>")
    [taken] = receiver.letters
    assert taken.sender == "bounce+7@corbel.test"
    assert taken.recipients == ("ana@example.com",)
    assert content(taken.message(), "plain") == ".dots\n.\nat line starts\n"
    assert taken.sign_in is None


def test_the_sender_is_the_envelope_unless_bounces_go_elsewhere():
    _, receiver = sent()
    assert receiver.letters[0].sender == "support@corbel.test"


def test_we_introduce_ourselves_without_asking_the_network():
    _, receiver = sent()
    assert receiver.commands[0] == "ehlo corbel.test"


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such person", PermanentFailure("recipient", "550 5.1.1 no such")),
        ("RCPT", "451 try later", TemporaryFailure("busy", "451 try later")),
        ("RCPT", "421 too many", TemporaryFailure("busy", "421 too many")),
        ("MAIL", "553 not yours", PermanentFailure("sender", "553 not yours")),
        ("MAIL", "452 disk full", TemporaryFailure("busy", "452 disk full")),
        ("DATA", "554 no", PermanentFailure("content", "554 no")),
        ("DATA", "451 not now", TemporaryFailure("busy", "451 not now")),
        ("END", "552 too large", PermanentFailure("content", "552 too large")),
        ("END", "450 greylisted", TemporaryFailure("busy", "450 greylisted")),
        ("CONNECT", "554 go away", TemporaryFailure("server", "")),
        ("CONNECT", "421 busy", TemporaryFailure("server", "")),
        ("RCPT", HANG_UP, TemporaryFailure("connection", "")),
        ("CONNECT", HANG_UP, TemporaryFailure("connection", "")),
        ("END", HANG_UP, TemporaryFailure("connection", "")),
        ("CONNECT", "nonsense", TemporaryFailure("server", "")),
    ],
)
def test_answers_become_outcomes(step, answer, outcome):
    actual, receiver = sent({step: answer})
    assert type(actual) is type(outcome)
    assert actual.reason == outcome.reason
    assert actual.detail.startswith(outcome.detail)
    assert receiver.letters == []


@pytest.mark.parametrize("step", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("answer", [SILENCE, Drip()], ids=["silence", "drip"])
def test_a_slow_server_lets_go_in_time(step, answer):
    """It would keep us for ever."""
    with SmtpReceiver({step: answer}) as receiver:
        outcome = SmtpTransport(receiver.host, receiver.port, timeout=0.3).send(letter())
        assert receiver.cut_off.wait(GENEROUS)
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "timeout"


@pytest.mark.parametrize("answer", [SILENCE, HANG_UP, Drip(), "500 what"])
def test_a_taken_letter_is_sent_however_the_goodbye_goes(answer, monkeypatch):
    steps = []
    for step in ("putcmd", "getreply"):
        monkeypatch.setattr(smtplib.SMTP, step, noted(steps, getattr(smtplib.SMTP, step)))
    outcome, receiver = sent({"QUIT": answer})
    assert outcome == Sent("<message.0190@corbel.test>")
    assert len(receiver.letters) == 1
    assert steps[-2:] == ["getreply", "putcmd"]  # the answer to the goodbye is not waited for


def noted(steps, call):
    @wraps(call)
    def noting(*arguments):
        steps.append(call.__name__)
        return call(*arguments)

    return noting


def test_nobody_listening():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = SmtpTransport("127.0.0.1", taken.getsockname()[1]).send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "connection"


def test_an_unknown_host_is_temporary():
    outcome = SmtpTransport("nowhere.invalid", 25, timeout=3).send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason in ("connection", "timeout")


def test_an_impossible_letter_is_refused_without_a_connection():
    outcome, receiver = sent(to="not an address")
    assert isinstance(outcome, PermanentFailure)
    assert outcome.reason == "invalid"
    assert receiver.commands == []


def test_an_international_address_needs_a_server_that_knows_them():
    outcome, receiver = sent(to="josé@example.com")
    assert outcome == Sent("<message.0190@corbel.test>")
    assert receiver.letters[0].recipients == ("josé@example.com",)
    with SmtpReceiver(extensions=()) as plain:
        outcome = SmtpTransport(plain.host, plain.port).send(letter(to="josé@example.com"))
    assert isinstance(outcome, PermanentFailure)
    assert outcome.reason == "recipient"


def test_no_timeout_is_longer_than_twenty_seconds(monkeypatch):
    given_seconds: list[float] = []

    def within(seconds: float, work: object) -> Outcome:
        given_seconds.append(seconds)
        return Sent("<a@x>")

    monkeypatch.setattr("portal.foundation.mail.smtp.within", within)
    SmtpTransport("127.0.0.1", 25, timeout=600).send(letter())
    assert given_seconds == [20]


def test_signing_in():
    with SmtpReceiver() as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, "corbel", "hunter2")
        assert transport.send(letter()) == Sent("<message.0190@corbel.test>")
    assert receiver.letters[0].sign_in == "corbel hunter2"
    assert "hunter2" not in repr(transport)


def test_a_wrong_password_is_the_set_up_s_fault_not_the_letter_s():
    with SmtpReceiver({"AUTH": "535 5.7.8 wrong"}) as receiver:
        outcome = SmtpTransport(receiver.host, receiver.port, "corbel", "no").send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "sign_in"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context whose certificate this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path / "server.pem"
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + built.public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_letters_travel_encrypted(tls, certificate):
    with SmtpReceiver(tls=(tls, certificate)) as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, "corbel", "pw", tls)
        assert transport.send(letter()) == Sent("<message.0190@corbel.test>")
    [taken] = receiver.letters
    assert taken.encrypted
    assert taken.sign_in == "corbel pw"


@pytest.mark.parametrize("tls", ["starttls", "ssl"])
def test_a_certificate_nobody_vouches_for_is_refused(tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    with SmtpReceiver(tls=(tls, certificate)) as receiver:
        outcome = SmtpTransport(receiver.host, receiver.port, "u", "secret", tls).send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "tls"
    assert receiver.letters == []


def test_without_starttls_nothing_is_sent_in_the_clear():
    with SmtpReceiver() as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, "corbel", "pw", "starttls")
        outcome = transport.send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "tls"
    assert receiver.commands == ["ehlo corbel.test"]


def test_a_tls_handshake_that_never_answers_lets_go_in_time():
    with SmtpReceiver({"CONNECT": SILENCE}) as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, tls="ssl", timeout=0.3)
        outcome = transport.send(letter())
    assert isinstance(outcome, TemporaryFailure)
    assert outcome.reason == "timeout"


def settings(**changes: object) -> SimpleNamespace:
    usual = {"host": "mail.example.com", "port": 587, "user": "u", "password": "p"}
    return SimpleNamespace(**usual | {"tls": "starttls"} | changes)


def test_a_transport_is_made_from_settings():
    assert transport_from(None) is None
    assert transport_from(settings()) == SmtpTransport(
        "mail.example.com", 587, "u", "p", "starttls"
    )


def test_an_unknown_kind_of_tls_is_refused():
    with pytest.raises(ValueError, match="'sometimes'"):
        transport_from(settings(tls="sometimes"))
