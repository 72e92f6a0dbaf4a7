"""Talking to a server whose address a customer typed in.

Only public addresses are connected to, and the one that was looked up and found public is the one
that is dialled (a name that changes its mind gains nothing). No redirect is followed, no proxy of
the environment is asked, an answer has a largest size and the whole talk a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from socket import SOCK_STREAM, getaddrinfo, socket
from typing import Any, Final, TypeVar

import requests
from urllib3.util.connection import create_connection

from portal.core.public_addresses import is_loopback, is_public
from portal.foundation.deadline import Lifeline
from portal.foundation.outbound import Held, NoAnswer, answered_within

T = TypeVar("T")
MOST_OF_AN_ANSWER: Final = 256 * 1024  # bytes, unpacked


@dataclass(frozen=True, slots=True)
class Bounds:
    """`loopback`: this machine itself is allowed too, where the platform runs on nothing else."""

    seconds: float
    loopback: bool = False

    def allow(self, address: str) -> bool:
        return is_public(address) or (self.loopback and is_loopback(address))


def talk(bounds: Bounds, session: requests.Session, ask: Callable[[], T]) -> T:
    """What `ask` makes of the session's answers. Raises NoAnswer, whose `reason` may besides be
    private, redirect or size; what `ask` itself raises passes through."""
    return answered_within(bounds.seconds, partial(_talk, bounds, session, ask))


def _talk(bounds: Bounds, session: requests.Session, ask: Callable[[], T], lifeline: Lifeline) -> T:
    with session:
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Guarded(lifeline, bounds))
        return ask()


class _Guarded(Held):
    def __init__(self, lifeline: Lifeline, bounds: Bounds) -> None:
        self._bounds = bounds
        super().__init__(lifeline)

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **_options: Any
    ) -> requests.Response:
        response = super().send(request, stream=True, timeout=self._bounds.seconds)
        with response.raw as raw:
            if response.is_redirect:
                raise NoAnswer("redirect", f"{response.status_code} from {request.url}")
            body = raw.read(MOST_OF_AN_ANSWER + 1, decode_content=True)
        if len(body) > MOST_OF_AN_ANSWER:
            raise NoAnswer("size", f"more than {MOST_OF_AN_ANSWER} bytes from {request.url}")
        response.raw = BytesIO(body)
        return response

    def dial(self, connection: Any) -> socket:
        address = _allowed_address(connection.host, connection.port, self._bounds)
        return create_connection(
            (address, connection.port),
            connection.timeout,
            socket_options=connection.socket_options,
        )


def _allowed_address(host: str, port: int, bounds: Bounds) -> str:
    """Of a name that also leads to a place that is not the public's, none is taken."""
    found = [str(entry[4][0]) for entry in getaddrinfo(host, port, type=SOCK_STREAM)]
    if not found or not all(map(bounds.allow, found)):
        raise NoAnswer("private", f"{host} leads to {', '.join(found) or 'nowhere'}")
    return found[0]
