import json
import socket
from datetime import timedelta

import pytest

from portal.foundation.pagerduty import (
    DEDUP_KEY_LIMIT,
    EVENT_LIMIT,
    LONGEST_PAUSE,
    Accepted,
    Outcome,
    PagerDuty,
    Refused,
    RetryLater,
)
from tests.fixtures.processes import GENEROUS
from tests.support.http_receiver import Answer, Drip, HangUp, HttpReceiver, Script, Silence

KEY = "e93facc04764012d7bfb002500d5d1a6"


def page(url: str, timeout: float = 5, **changes: object) -> Outcome:
    options = {
        "summary": "Scheduling is down",
        "severity": "critical",
        "source": "support.example.com",
        "details": {"ticket": "#1042", "builder": "Ridge & Sons"},
        "link": "https://support.example.com/tickets/1042",
    }
    return PagerDuty(url, KEY, timeout).trigger("ticket-1042", **(options | changes))  # type: ignore[arg-type]


def answered(script: Script, timeout: float = 5) -> Outcome:
    with HttpReceiver(script) as receiver:
        return page(receiver.url, timeout)


def test_trigger_sends_the_documented_event():
    body = {"status": "success", "message": "Event processed", "dedup_key": "ticket-1042"}
    with HttpReceiver(Answer(202, body)) as receiver:
        assert page(receiver.url + "/v2/enqueue") == Accepted("ticket-1042")

    [request] = receiver.requests
    assert (request.method, request.path) == ("POST", "/v2/enqueue")
    assert request.headers["content-type"] == "application/json"
    assert request.json() == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "ticket-1042",
        "payload": {
            "summary": "Scheduling is down",
            "severity": "critical",
            "source": "support.example.com",
            "custom_details": {"ticket": "#1042", "builder": "Ridge & Sons"},
        },
        "links": [
            {
                "href": "https://support.example.com/tickets/1042",
                "text": "https://support.example.com/tickets/1042",
            }
        ],
    }


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_follow_ups_carry_the_key_and_nothing_else(action):
    with HttpReceiver() as receiver:
        sender = PagerDuty(receiver.url, KEY)
        assert getattr(sender, action)("ticket-1042") == Accepted("ticket-1042")
    assert receiver.requests[0].json() == {
        "routing_key": KEY,
        "event_action": action,
        "dedup_key": "ticket-1042",
    }


@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_server_errors_are_repeated(status):
    outcome = answered(Answer(status, "<h1>oh</h1>"))
    assert outcome == RetryLater("server_error", None, f"{status} <h1>oh</h1>")


@pytest.mark.parametrize(
    ("header", "after"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("999999999999", LONGEST_PAUSE),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_too_many_tells_how_long_to_wait(header, after):
    answer = Answer(429, headers={"Retry-After": header.encode().decode("latin-1")})
    assert answered(answer) == RetryLater("too_many", after)


def test_too_many_without_a_time():
    assert answered(Answer(429)) == RetryLater("too_many", None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_client_errors_are_never_repeated(status):
    outcome = answered(Answer(status, {"status": "invalid event"}))
    assert outcome == Refused("bad_request", status, '{"status": "invalid event"}')


@pytest.mark.parametrize("status", [200, 204, 302, 307])
def test_anything_but_202_is_not_taken_for_acceptance(status):
    outcome = answered(Answer(status, headers={"Location": "/elsewhere"}))
    assert outcome == Refused("unexpected_answer", status)


def test_redirects_are_not_followed():
    with HttpReceiver() as elsewhere:
        redirect = Answer(307, headers={"Location": elsewhere.url})
        assert answered(redirect) == Refused("unexpected_answer", 307)
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    "script",
    [
        Silence(),
        Drip(),
        Drip(text=b"HTTP/1.1 202 Accepted\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000),
        Answer(202, after=3),
    ],
    ids=["silence", "drip in headers", "drip in body", "late"],
)
def test_the_deadline_covers_the_whole_exchange(script):
    with HttpReceiver(script) as receiver:
        outcome = page(receiver.url, timeout=0.4)
        assert receiver.cut_off.wait(GENEROUS)
    assert isinstance(outcome, RetryLater)
    assert outcome.reason == "timeout"


@pytest.mark.parametrize("script", [Silence(), Drip(every=0.01)])
def test_a_late_connection_is_cut_not_left_behind(script):
    with HttpReceiver(script) as receiver:
        page(receiver.url, timeout=0.3)
        assert receiver.cut_off.wait(GENEROUS)


def test_a_timeout_above_ten_seconds_is_ten_seconds(monkeypatch):
    seconds: list[float] = []

    def post(url, body, headers, *, seconds: float, into=seconds):
        into.append(seconds)
        raise AssertionError

    monkeypatch.setattr("portal.foundation.outbound.post", post)
    with pytest.raises(AssertionError):
        page("http://127.0.0.1:1", timeout=600)
    assert seconds == [10]


def test_connection_closed_without_an_answer():
    outcome = answered(HangUp())
    assert isinstance(outcome, RetryLater)
    assert outcome.reason == "connection"


def test_nobody_listening():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = page(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert isinstance(outcome, RetryLater)
    assert outcome.reason == "connection"


def test_unknown_host_and_bad_address():
    for url in ("http://nowhere.invalid/", "http://", "nonsense"):
        outcome = page(url)
        assert isinstance(outcome, RetryLater), url
        assert outcome.reason in ("connection", "timeout")


def test_tls_where_there_is_none():
    with HttpReceiver() as receiver:
        outcome = page(receiver.url.replace("http:", "https:"))
    assert isinstance(outcome, RetryLater)
    assert outcome.reason == "tls"


def test_long_summary_is_clipped_and_an_empty_one_replaced():
    with HttpReceiver() as receiver:
        page(receiver.url, summary="ñ" * 5000)
        page(receiver.url, summary="  ")
    long, empty = (request.json()["payload"]["summary"] for request in receiver.requests)
    assert long == "ñ" * 1024
    assert empty == "ticket-1042"


@pytest.mark.parametrize(
    "details",
    [
        {"log": "x" * 2_000_000, "ticket": "#1042"},
        {f"key{n}": "😀" * 900 for n in range(5000)},
        {"k" * 2_000_000: 1},
        {"nested": {"deep": ["y" * 600_000]}},
    ],
)
def test_a_page_too_large_still_leaves_shortened(details):
    with HttpReceiver() as receiver:
        assert page(receiver.url, details=details) == Accepted("ticket-1042")
    [request] = receiver.requests
    assert len(request.body) <= EVENT_LIMIT
    assert request.json()["payload"]["summary"] == "Scheduling is down"


def test_details_of_any_kind_and_broken_unicode_are_sent():
    with HttpReceiver() as receiver:
        page(receiver.url, summary="bad \ud800 text", details={"wait": timedelta(minutes=5)})
    payload = receiver.requests[0].json()["payload"]
    assert payload["summary"] == "bad ? text"
    assert payload["custom_details"] == {"wait": "0:05:00"}


@pytest.mark.parametrize("key", ["", "x" * (DEDUP_KEY_LIMIT + 1)])
def test_impossible_dedup_keys_are_a_mistake_of_the_caller(key):
    with pytest.raises(ValueError, match="dedup key"):
        PagerDuty("http://127.0.0.1:1", KEY).resolve(key)


def test_the_routing_key_never_shows_in_an_outcome():
    outcome = answered(Answer(400, f"no such key {KEY}" + "z" * 5000))
    assert isinstance(outcome, Refused)
    assert outcome.detail.startswith("no such key …")
    assert len(outcome.detail) == 500
    assert KEY not in json.dumps(repr(outcome))


def test_a_huge_answer_is_not_read_to_its_end():
    assert answered(Answer(202, b"a" * 5_000_000)) == Accepted("ticket-1042")
