"""Letters handed to a mail server, within a time limit for the whole conversation."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from socket import socket
from typing import Literal, Protocol

from portal.foundation.deadline import DeadlinePassed, Lifeline, within
from portal.foundation.mail.letters import InvalidLetter, Letter, build

LONGEST_TIMEOUT = 20.0  # seconds

Tls = Literal["none", "starttls", "ssl"]


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken the letter; a bounce may still follow."""

    message_id: str


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """Worth repeating. `reason`: timeout, connection, tls, sign_in, server or busy.

    `server`, `tls` and `sign_in` are faults of the set-up, not of the letter.
    """

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """Repeating is useless. `reason`: recipient, sender, content or invalid."""

    reason: str
    detail: str = ""


Outcome = Sent | TemporaryFailure | PermanentFailure


class Transport(Protocol):
    def send(self, letter: Letter) -> Outcome: ...


class SmtpSettings(Protocol):
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def tls(self) -> str: ...


def transport_from(settings: SmtpSettings | None) -> Transport | None:
    """None when no mail server is set up. Raises ValueError for an unknown kind of TLS."""
    if settings is None:
        return None
    tls: dict[str, Tls] = {"none": "none", "starttls": "starttls", "ssl": "ssl"}
    if settings.tls not in tls:
        raise ValueError(f"tls is none, starttls or ssl, not {settings.tls!r}")
    return SmtpTransport(
        settings.host, settings.port, settings.user, settings.password, tls[settings.tls]
    )


class _SetUpFailure(Exception):
    """The server and we could not agree to talk; it has not heard of the letter."""

    def __init__(self, reason: str, cause: object) -> None:
        super().__init__(str(cause))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One connection a letter. `timeout` is in seconds, for the whole conversation."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "none"
    timeout: float = LONGEST_TIMEOUT

    def send(self, letter: Letter) -> Outcome:
        try:
            message = build(letter)
        except InvalidLetter as error:
            return PermanentFailure("invalid", str(error))
        try:
            return within(
                min(self.timeout, LONGEST_TIMEOUT), partial(self._deliver, letter, message)
            )
        except (DeadlinePassed, _SetUpFailure, smtplib.SMTPException, OSError) as error:
            return _failure(error)

    def _deliver(self, letter: Letter, message: EmailMessage, lifeline: Lifeline) -> Outcome:
        server = _Server(self, letter.sender.rpartition("@")[2], lifeline)
        try:
            self._prepare(server)
            server.send_message(message, letter.envelope_sender, [letter.to])
            # No wait for the answer: the letter is taken, whatever happens to the goodbye.
            with suppress(smtplib.SMTPException, OSError):
                server.putcmd("quit")
        finally:
            server.close()
        return Sent(letter.message_id)

    def _prepare(self, server: smtplib.SMTP) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
            raise _SetUpFailure("tls" if self.tls == "starttls" else "server", error) from error
        try:
            if self.user:
                server.login(self.user, self.password)
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException as error:
            raise _SetUpFailure("sign_in", error) from error


class _Server(smtplib.SMTP):
    """Ties its connection to the lifeline before TLS and greeting."""

    def __init__(self, transport: SmtpTransport, our_name: str, lifeline: Lifeline) -> None:
        self._transport = transport
        self._lifeline = lifeline
        super().__init__(transport.host, transport.port, our_name, timeout=LONGEST_TIMEOUT + 1)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:
        connection: socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._lifeline.hold(connection)
        if self._transport.tls == "ssl":
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        return connection


def _failure(error: Exception) -> TemporaryFailure | PermanentFailure:
    match error:
        case smtplib.SMTPRecipientsRefused():
            [(code, answer)] = error.recipients.values()
            return _refusal("recipient", code, answer)
        case smtplib.SMTPSenderRefused():
            return _refusal("sender", error.smtp_code, error.smtp_error)
        case smtplib.SMTPDataError():
            return _refusal("content", error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():  # letters outside ASCII in the address
            return PermanentFailure("recipient", str(error))
    return TemporaryFailure(_trouble(error), str(error)[:500])


def _trouble(error: Exception) -> str:
    match error:
        case _SetUpFailure():
            return error.reason
        case DeadlinePassed() | TimeoutError():
            return "timeout"
        case smtplib.SMTPResponseException():
            return "server"
        case ssl.SSLError():
            return "tls"
    return "connection"


def _refusal(reason: str, code: int, answer: bytes | str) -> TemporaryFailure | PermanentFailure:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    detail = f"{code} {words}"[:500]
    return PermanentFailure(reason, detail) if code >= 500 else TemporaryFailure("busy", detail)
