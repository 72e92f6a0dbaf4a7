"""One HTTP request to a server of someone else, limited in time and size.

No redirect is followed: the address that was configured is the only one that is told anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from socket import socket
from typing import Any, TypeVar, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from portal.foundation.deadline import DeadlinePassed, Lifeline, within

T = TypeVar("T")
MOST_OF_AN_ANSWER = 64 * 1024  # bytes; the rest is not read


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` are found whatever their case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """Nothing usable came back. `reason` is timeout, tls or connection; the text is for logs."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """POST within `seconds` all in all. Raises NoAnswer; any status is an answer."""
    return answered_within(seconds, partial(_post, url, body, dict(headers), seconds))


def answered_within(seconds: float, ask: Callable[[Lifeline], T]) -> T:
    """What `ask` brings back. Raises NoAnswer for whatever keeps a server from answering."""
    try:
        return within(seconds, ask)
    except (DeadlinePassed, requests.Timeout) as error:
        raise NoAnswer("timeout", str(error)) from error
    except requests.exceptions.SSLError as error:
        raise NoAnswer("tls", str(error)) from error
    except (requests.RequestException, HTTPError, OSError) as error:
        raise NoAnswer("connection", str(error)) from error


def _post(
    url: str, body: bytes, headers: dict[str, str], seconds: float, lifeline: Lifeline
) -> Answer:
    with requests.Session() as session:
        session.mount("http://", Held(lifeline))
        session.mount("https://", Held(lifeline))
        response = session.post(
            url, body, headers=headers, timeout=seconds, allow_redirects=False, stream=True
        )
        content = response.raw.read(MOST_OF_AN_ANSWER, decode_content=True)
        return Answer(response.status_code, response.headers, content)


class Held(HTTPAdapter):
    """Ties each connection to the lifeline as soon as it is open, before TLS and headers."""

    def __init__(self, lifeline: Lifeline) -> None:
        self._lifeline = lifeline
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        pool = cast(HTTPConnectionPool, super().get_connection_with_tls_context(*args, **options))
        pool.ConnectionCls = _held(pool.ConnectionCls, self)
        return pool

    def connected(self, connection: Any) -> socket:
        opened = self.dial(connection)
        self._lifeline.hold(opened)
        return opened

    def dial(self, connection: Any) -> socket:
        """The way in which urllib3's own connections are opened."""
        opened: socket = connection.open_as_usual()
        return opened


def _held(kind: Any, adapter: Held) -> type[HTTPConnection]:
    class Connection(kind):  # type: ignore[misc]
        def _new_conn(self) -> socket:
            return adapter.connected(self)

        def open_as_usual(self) -> socket:
            opened: socket = super()._new_conn()
            return opened

    return Connection
