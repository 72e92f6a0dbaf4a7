"""Sender for PagerDuty's Events API v2.

Request, answers and limits follow PagerDuty's own description (Events API v2: overview, "Send
an alert event"): 202 accepted, 400 never to be repeated, 429, 5xx and network errors to be
repeated; 512 KB an event, summary 1024 and dedup_key 255 characters. An accepted event is not
yet an incident: PagerDuty works on it later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from portal.foundation.outbound import Answer

ENDPOINT = "https://events.pagerduty.com/v2/enqueue"
EVENT_LIMIT = 512 * 1024  # bytes
SUMMARY_LIMIT = 1024
DEDUP_KEY_LIMIT = 255
DETAIL_LIMIT = 1000  # characters of one detail, once an event is too large
LONGEST_TIMEOUT = 10.0  # seconds for the whole exchange
LONGEST_PAUSE = timedelta(minutes=10)  # a page is worth nothing much later

Severity = Literal["critical", "error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Accepted:
    dedup_key: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """`reason`: timeout, connection, tls, too_many or server_error. `detail` is for logs."""

    reason: str
    after: timedelta | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Repeating is useless. `reason`: bad_request or unexpected_answer. `detail` is for logs."""

    reason: str
    status: int
    detail: str = ""


Outcome = Accepted | RetryLater | Refused


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """`timeout` is in seconds and covers everything from the name lookup to the last byte."""

    endpoint: str
    routing_key: str
    timeout: float = LONGEST_TIMEOUT

    def trigger(
        self,
        dedup_key: str,
        *,
        summary: str,
        severity: Severity,
        source: str,
        details: Mapping[str, Any] | None = None,
        link: str | None = None,
    ) -> Outcome:
        """Opens an alert, or adds to the open one of this key. Raises ValueError for a long key."""
        payload = {
            "summary": summary.strip()[:SUMMARY_LIMIT] or dedup_key,
            "severity": severity,
            "source": source,
            "custom_details": dict(details or {}),
        }
        links = [{"href": link, "text": link}] if link else []
        return self._send("trigger", dedup_key, payload=payload, links=links)

    def acknowledge(self, dedup_key: str) -> Outcome:
        return self._send("acknowledge", dedup_key)

    def resolve(self, dedup_key: str) -> Outcome:
        return self._send("resolve", dedup_key)

    def _send(self, action: str, dedup_key: str, **more: Any) -> Outcome:
        if not 0 < len(dedup_key) <= DEDUP_KEY_LIMIT:
            raise ValueError(f"a dedup key has 1 to {DEDUP_KEY_LIMIT} characters: {dedup_key!r}")
        keys = {"routing_key": self.routing_key, "dedup_key": dedup_key}
        body = _within_limit({**keys, "event_action": action, **more})
        seconds = min(self.timeout, LONGEST_TIMEOUT)
        # loads requests: megabytes in every process, and few systems page anybody
        from portal.foundation.outbound import NoAnswer, post

        try:
            answer = post(
                self.endpoint, body, {"Content-Type": "application/json"}, seconds=seconds
            )
        except NoAnswer as error:
            return RetryLater(error.reason, detail=self._discreet(str(error)))
        return self._read(answer, dedup_key)

    def _read(self, answer: "Answer", dedup_key: str) -> Outcome:
        detail = self._discreet(answer.body.decode("utf-8", "replace"))
        if answer.status == 202:
            return Accepted(dedup_key)
        if answer.status == 429:
            return RetryLater("too_many", _pause(answer), detail)
        if answer.status >= 500 or answer.status == 408:
            return RetryLater("server_error", _pause(answer), f"{answer.status} {detail}")
        if answer.status >= 400:
            return Refused("bad_request", answer.status, detail)
        return Refused("unexpected_answer", answer.status, detail)

    def _discreet(self, text: str) -> str:
        return text.replace(self.routing_key, "…")[:500] if self.routing_key else text[:500]


def _within_limit(event: dict[str, Any]) -> bytes:
    """The event as JSON. A page must leave: what makes it too large is shortened, then dropped."""
    body = _encoded(event)
    if len(body) <= EVENT_LIMIT:
        return body
    details = event["payload"]["custom_details"]
    event["payload"]["custom_details"] = {
        key[:100]: str(value)[:DETAIL_LIMIT] for key, value in list(details.items())[:50]
    }
    return _encoded(event)


def _encoded(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _pause(answer: "Answer") -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "").strip()
    if not seconds.isascii() or not seconds.isdigit():
        return None
    return min(timedelta(seconds=int(seconds[:9])), LONGEST_PAUSE)
