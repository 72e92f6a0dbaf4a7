"""A real HTTP server on a free local port that answers as a test has scripted.

    with HttpReceiver(Answer(429), Answer(202)) as receiver:
        send(receiver.url)
        assert receiver.requests[0].json() == {...}

Answers are used in order and the last one stays. Every request is recorded, also those that
get no answer.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` may be text, bytes or anything JSON can hold. `after` is in seconds."""

    status: int = 202
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0

    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True, slots=True)
class Silence:
    """Takes the request and never says a word."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends `text` over and over, one byte every `every` seconds; it never gets anywhere."""

    text: bytes = b"HTTP/1.1 202 Accepted\r\nX-Filler: " + b"a" * 1000
    every: float = 0.05


@dataclass(frozen=True, slots=True)
class HangUp:
    """Closes the connection without an answer."""


Script = Answer | Silence | Drip | HangUp


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class HttpReceiver:
    def __init__(self, *scripts: Script) -> None:
        self.requests: list[Request] = []
        self.cut_off = Event()  # set when a client closed a connection before the answer's end
        self._scripts = list(scripts) or [Answer()]
        self._arrived = Condition()
        self.stopping = Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def script(self, *scripts: Script) -> None:
        """Replaces what is left of the script."""
        with self._arrived:
            self._scripts = list(scripts)

    def wait_for(self, count: int, seconds: float = 5) -> list[Request]:
        """The requests, once there are at least `count`; fails when they do not come."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.requests) >= count, seconds)
        assert came, f"{len(self.requests)} of {count} requests within {seconds} s"
        return list(self.requests)

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

    def take(self, request: Request) -> Script:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
            return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def handle_any(self) -> None:
        self.close_connection = True
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        script = self.server.receiver.take(request)
        try:
            self.play(script)
        except OSError:
            self.server.receiver.cut_off.set()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

    def play(self, script: Script) -> None:
        match script:
            case Answer():
                self.answer(script)
            case Drip():
                self.drip(script)
            case Silence():
                self.wait_for_the_client_to_leave()

    def answer(self, answer: Answer) -> None:
        self.pause(answer.after)
        payload = answer.payload()
        self.send_response(answer.status)
        for name, value in {"Content-Length": len(payload), **answer.headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(payload)

    def drip(self, drip: Drip) -> None:
        for byte in itertools.cycle(drip.text):
            self.wfile.write(bytes([byte]))
            if self.pause(drip.every):
                return

    def wait_for_the_client_to_leave(self) -> None:
        self.connection.settimeout(0.05)
        while not self.server.receiver.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    raise ConnectionResetError
            except TimeoutError:
                continue

    def pause(self, seconds: float) -> bool:
        return self.server.receiver.stopping.wait(seconds)

    def log_message(self, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: HttpReceiver) -> None:
        self.receiver = receiver
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *args: object) -> None:
        pass  # a client that went away is part of the tests
