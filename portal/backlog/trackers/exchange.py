"""A talk with a tracker: JSON there and back, limited in time, and what its refusals mean.

Both say 401 for a token that they don't know, 403 for one that may not, 429 with `Retry-After`
for too many requests and 5xx for what is theirs to mend (Atlassian, "Rate limiting"; Linear,
"Rate limiting", says 400 and `RATELIMITED` as well: see linear.py).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from portal.backlog.trackers.cards import Refused, RetryLater

if TYPE_CHECKING:
    from requests import Response, Session

T = TypeVar("T")
SECONDS: Final = 12.0  # for the whole talk; the lease of a delivery is longer
LONGEST_PAUSE: Final = timedelta(hours=1)
LONGEST_SAID: Final = 500  # characters
OURS: Final = {"timeout": "timeout", "tls": "tls", "connection": "connection"}


class Stopped(Exception):
    """The talk came to an end before what was asked for."""

    def __init__(self, outcome: RetryLater | Refused) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def talk(
    ask: "Callable[[Session], T]", *, loopback: bool, seconds: float = 0.0
) -> T | RetryLater | Refused:
    """What `ask` makes of the answers; the reason where there is none. 0 seconds are the usual."""
    import requests  # megabytes, and few systems have a tracker

    from portal.foundation.guarded import Bounds
    from portal.foundation.guarded import talk as guarded
    from portal.foundation.outbound import NoAnswer

    session = requests.Session()
    session.headers["Accept"] = "application/json"
    try:
        return guarded(Bounds(seconds or SECONDS, loopback), session, lambda: ask(session))
    except Stopped as stopped:
        return stopped.outcome
    except NoAnswer as silence:
        if silence.reason in OURS:
            return RetryLater(OURS[silence.reason], detail=str(silence)[:LONGEST_SAID])
        return Refused("address", str(silence)[:LONGEST_SAID])


def heard(answer: "Response", *, missing: str) -> dict[str, Any]:
    """The JSON object of a good answer, empty where it has no body. Raises Stopped; `missing` is
    the reason of a 404."""
    status, said = answer.status_code, answer.text[:LONGEST_SAID]
    if status == 401:
        raise Stopped(Refused("token", said))
    if status == 403:
        raise Stopped(Refused("forbidden", said))
    if status == 404:
        raise Stopped(Refused(missing, said))
    if status == 429:
        raise Stopped(RetryLater("too_many", pause(answer), said))
    if status >= 500 or status == 408:
        raise Stopped(RetryLater("server_error", pause(answer), f"{status} {said}"))
    if status >= 400:
        raise Stopped(Refused("input", _errors(answer) or said))
    return spoken(answer) if answer.content else {}


def _errors(answer: "Response") -> str:
    """As Jira lists them: in general, and by field."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        return ""
    if not isinstance(said, dict):
        return ""
    general, fields = said.get("errorMessages"), said.get("errors")
    lines = [str(line) for line in general] if isinstance(general, list) else []
    named = fields.items() if isinstance(fields, dict) else ()
    return " ".join([*lines, *(f"{name}: {line}" for name, line in named)])[:LONGEST_SAID]


def spoken(answer: "Response") -> dict[str, Any]:
    """Raises Stopped for what is no JSON object."""
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Stopped(Refused("answer", answer.text[:LONGEST_SAID]))
    return said


def pause(answer: "Response") -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "").strip()
    if not seconds.isascii() or not seconds.isdigit():
        return None
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_PAUSE)


def part(of: Any, *names: str) -> str:
    """The text at the end of the way. Raises Stopped where there is none."""
    for name in names:
        of = of.get(name) if isinstance(of, dict) else None
    if not isinstance(of, str) or not of:
        raise Stopped(Refused("answer", f"no {'.'.join(names)} in the answer"))
    return of
