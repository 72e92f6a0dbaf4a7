"""A real SMTP server on a free local port that answers as a test has scripted.

    with SmtpReceiver({"RCPT": "550 5.1.1 no such person"}) as receiver:
        send(receiver.host, receiver.port)
        assert receiver.letters == []

The script maps a step (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, END (the dot), QUIT) to
an answer line, to SILENCE, HANG_UP or Drip. Steps that are not named go well.
"""

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Final, Literal, Self

SILENCE: Final = "silence"
HANG_UP: Final = "hang up"


@dataclass(frozen=True, slots=True)
class Drip:
    """Answers one byte every `every` seconds and never ends the line."""

    every: float = 0.05


Answer = str | Drip
USUAL: Mapping[str, str] = {
    "CONNECT": "220 receiver ESMTP",
    "STARTTLS": "220 go on",
    "AUTH": "235 welcome",
    "DATA": "354 go on",
    "END": "250 taken",
    "QUIT": "221 bye",
}


@dataclass(frozen=True, slots=True)
class Taken:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    sign_in: str | None  # "user password"
    encrypted: bool

    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


class SmtpReceiver:
    host = "127.0.0.1"

    def __init__(
        self,
        script: Mapping[str, Answer] | None = None,
        *,
        extensions: tuple[str, ...] = ("SIZE 35882577", "8BITMIME", "SMTPUTF8"),
        tls: tuple[Literal["starttls", "ssl"], ssl.SSLContext] | None = None,
    ) -> None:
        self.script = dict(script or {})
        self.letters: list[Taken] = []
        self.commands: list[str] = []
        self.cut_off = Event()  # set when a client closed a connection in mid-conversation
        self.stopping = Event()
        self.tls = tls
        self.extensions = (*extensions, *(["STARTTLS"] if tls and tls[0] == "starttls" else []))
        self.arrived = Condition()
        self._server = _Server(self)
        self.port = self._server.server_address[1]

    def wait_for(self, count: int, seconds: float = 5) -> list[Taken]:
        """The letters, once there are at least `count`; fails when they do not come."""
        with self.arrived:
            came = self.arrived.wait_for(lambda: len(self.letters) >= count, seconds)
        assert came, f"{len(self.letters)} of {count} letters within {seconds} s"
        return list(self.letters)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Conversation(StreamRequestHandler):
    server: "_Server"
    disable_nagle_algorithm = True  # or each answer of several lines takes 40 ms

    def setup(self) -> None:
        tls = self.server.receiver.tls
        self.encrypted = bool(tls and tls[0] == "ssl")
        if tls and tls[0] == "ssl":
            self.request = tls[1].wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.sender = ""
        self.recipients: list[str] = []
        self.sign_in: str | None = None
        try:
            if self.answer("CONNECT"):
                while self.obey(self.command()):
                    pass
        except OSError:
            self.server.receiver.cut_off.set()

    def command(self) -> str:
        line = self.rfile.readline(4096).decode("utf-8", "replace").strip()
        if not line:
            raise ConnectionResetError
        self.server.receiver.commands.append(line)
        return line

    def obey(self, line: str) -> bool:
        verb = line.split(maxsplit=1)[0].upper()
        step = getattr(self, f"on_{verb.lower()}", None)
        return step(line) if step else self.answer(verb)

    def on_ehlo(self, line: str) -> bool:
        if "EHLO" in self.server.receiver.script:
            return self.answer("EHLO")
        lines = ["receiver", *self.server.receiver.extensions, "AUTH PLAIN"]
        for each in lines[:-1]:
            self.say(f"250-{each}")
        self.say(f"250 {lines[-1]}")
        return True

    def on_starttls(self, line: str) -> bool:
        tls = self.server.receiver.tls
        going = self.answer("STARTTLS")
        if going and tls and "STARTTLS" not in self.server.receiver.script:
            super().finish()
            self.request = tls[1].wrap_socket(self.request, server_side=True)
            super().setup()
            self.encrypted = True
        return going

    def on_auth(self, line: str) -> bool:
        words = base64.b64decode(line.split()[-1]).decode().split("\0")
        self.sign_in = " ".join(words[1:])
        return self.answer("AUTH")

    def on_mail(self, line: str) -> bool:
        self.sender = line.partition("<")[2].partition(">")[0]
        return self.answer("MAIL")

    def on_rcpt(self, line: str) -> bool:
        self.recipients.append(line.partition("<")[2].partition(">")[0])
        return self.answer("RCPT")

    def on_data(self, line: str) -> bool:
        if not self.answer("DATA") or "DATA" in self.server.receiver.script:
            return True
        raw = bytearray()
        while (part := self.rfile.readline()) != b".\r\n":
            raw += part[1:] if part.startswith(b".") else part
        if str(self.server.receiver.script.get("END", "250")).startswith("250"):
            self.take(bytes(raw))
        return self.answer("END")

    def on_quit(self, line: str) -> bool:
        self.answer("QUIT")
        return False

    def take(self, raw: bytes) -> None:
        taken = Taken(self.sender, tuple(self.recipients), raw, self.sign_in, self.encrypted)
        with self.server.receiver.arrived:
            self.server.receiver.letters.append(taken)
            self.server.receiver.arrived.notify_all()

    def answer(self, step: str) -> bool:
        answer = self.server.receiver.script.get(step, USUAL.get(step, "250 fine"))
        if isinstance(answer, Drip):
            self.drip(answer)
        elif answer == SILENCE:
            self.wait_for_the_client_to_leave()
        elif answer != HANG_UP:
            self.say(answer)
            return True
        return False

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def drip(self, drip: Drip) -> None:
        while not self.server.receiver.stopping.wait(drip.every):
            self.wfile.write(b"2")

    def wait_for_the_client_to_leave(self) -> None:
        self.connection.settimeout(0.05)
        while not self.server.receiver.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    raise ConnectionResetError
            except TimeoutError:
                continue


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, receiver: SmtpReceiver) -> None:
        self.receiver = receiver
        super().__init__((receiver.host, 0), _Conversation)

    def handle_error(self, *args: object) -> None:
        pass  # a client that went away is part of the tests
