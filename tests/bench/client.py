"""A browser of few bytes: one kept connection, cookies, and as little work as can be, because
what the client costs is on the floor's account as well as on the page's."""

import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

CSRF = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"|X-CSRFToken": "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[bytes, bytes]
    body: bytes
    seconds: float

    @property
    def size(self) -> int:
        """As on the wire, without the headers."""
        return len(self.body)


@dataclass(slots=True)
class Client:
    base: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    connection: socket.socket | None = None
    csrf: str = ""
    host: str = ""  # by which the server is asked, if not by its own

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, b"", headers)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """As a form."""
        body = urlencode({**fields, "csrf_token": self.csrf}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.base + path}
        return self.send("POST", path, body, kind)

    def post_json(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        kind = {"Content-Type": "application/json"}
        return self.send("POST", path, json.dumps(fields).encode(), kind | headers)

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        host = self.host or urlsplit(self.base).netloc
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **headers}.items()]
        if self.cookies:
            together = b"; ".join(b"=".join(pair) for pair in self.cookies.items())
            lines.append(f"Cookie: {together.decode()}")
        message = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        began = time.perf_counter()
        status, found, received = self._exchange(message)
        answer = Answer(status, found, received, time.perf_counter() - began)
        self._remember(answer)
        return answer

    def _exchange(self, message: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        if self.connection is not None:
            try:
                return self._once(self.connection, message)
            except ConnectionError:  # closed since it was last used
                self.connection.close()
        host, _, port = urlsplit(self.base).netloc.partition(":")
        self.connection = socket.create_connection((host, int(port)), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._once(self.connection, message)

    def _once(
        self, connection: socket.socket, message: bytes
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        connection.sendall(message)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += _some(connection)
        head, body = received[:end], received[end + 4 :]
        first, *lines = head.split(b"\r\n")
        headers: dict[bytes, bytes] = {}
        for line in lines:
            name, _, value = line.partition(b": ")
            name = name.lower()
            headers[name] = headers[name] + b"\n" + value if name in headers else value
        parts, length = [body], int(headers.get(b"content-length", b"0"))
        missing = length - len(body)
        while missing > 0:
            parts.append(_some(connection))
            missing -= len(parts[-1])
        return int(first.split(b" ", 2)[1]), headers, b"".join(parts)

    def _remember(self, answer: Answer) -> None:
        for line in answer.headers.get(b"set-cookie", b"").split(b"\n"):
            name, equals, value = line.partition(b";")[0].partition(b"=")
            if equals:
                self.cookies[name] = value
        if not self.csrf and (found := CSRF.search(answer.body)):
            self.csrf = (found[1] or found[2]).decode()


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(262_144)
    if not data:
        raise ConnectionResetError
    return data
