"""Requests to addresses that customers typed in, against a real server that may be anything."""

import gzip
import socket
from contextlib import contextmanager

import pytest
import requests

from portal.foundation import guarded
from portal.foundation.guarded import MOST_OF_AN_ANSWER, Bounds, talk
from portal.foundation.outbound import NoAnswer
from tests.support.http_receiver import Answer, Drip, HangUp, HttpReceiver, Silence

HERE = Bounds(5, loopback=True)


def fetch(url, bounds=HERE):
    session = requests.Session()
    return talk(bounds, session, lambda: session.get(url))


@contextmanager
def refused(reason):
    with pytest.raises(NoAnswer) as caught:
        yield
    assert caught.value.reason == reason


def test_an_answer_comes_whole():
    with HttpReceiver(Answer(201, {"a": 1})) as receiver:
        answer = fetch(f"{receiver.url}/path?x=1")
        assert (answer.status_code, answer.json()) == (201, {"a": 1})
        assert receiver.requests[0].path == "/path?x=1"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "[::1]", "0"])
def test_this_machine_is_never_dialled_for_others(name):
    with HttpReceiver(Answer()) as receiver:
        port = receiver.url.rpartition(":")[2]
        with pytest.raises(NoAnswer):
            fetch(f"http://{name}:{port}/", Bounds(5))
        assert receiver.requests == []


@pytest.mark.parametrize("answers", [["8.8.8.8", "10.0.0.1"], ["169.254.169.254"], ["fe80::1"]])
def test_a_name_that_leads_inside_is_not_dialled(answers, monkeypatch):
    found = [(2, 1, 6, "", (address, 443)) for address in answers]
    monkeypatch.setattr(guarded, "getaddrinfo", lambda *args, **more: found)
    dialled = []
    monkeypatch.setattr(guarded, "create_connection", lambda *args, **more: dialled.append(args))
    with refused("private"):
        fetch("https://login.example.com/", HERE)
    assert dialled == []


def test_what_was_looked_up_is_what_is_dialled(monkeypatch):
    """A name that changes its mind between the two gains nothing."""
    asked = []

    def look_up(host, port, **more):
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(guarded, "getaddrinfo", look_up)
    with HttpReceiver(Answer(200)) as receiver:
        port = receiver.url.rpartition(":")[2]
        assert fetch(f"http://login.example.com:{port}/").status_code == 200
        assert receiver.requests[0].headers["host"] == f"login.example.com:{port}"
    assert asked == ["login.example.com"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with HttpReceiver(Answer(200)) as inside, HttpReceiver() as receiver:
        receiver.script(Answer(status, headers={"Location": inside.url}))
        with refused("redirect"):
            fetch(receiver.url)
        assert inside.requests == []


def test_a_huge_answer_is_not_read_to_its_end():
    with HttpReceiver(Answer(200, b"x" * (MOST_OF_AN_ANSWER + 1))) as receiver, refused("size"):
        fetch(receiver.url)
    with HttpReceiver(Answer(200, b"x" * MOST_OF_AN_ANSWER)) as receiver:
        assert len(fetch(receiver.url).content) == MOST_OF_AN_ANSWER


def test_nor_is_one_that_unpacks_to_be_huge():
    bomb = gzip.compress(b"x" * 50_000_000)
    packed = Answer(200, bomb, {"Content-Encoding": "gzip"})
    with HttpReceiver(packed) as receiver, refused("size"):
        fetch(receiver.url)


@pytest.mark.parametrize("how", [Silence(), Drip()])
def test_a_slow_one_is_left(how):
    with HttpReceiver(how) as receiver, refused("timeout"):
        fetch(receiver.url, Bounds(0.2, loopback=True))


def test_one_that_hangs_up_or_is_not_there():
    with HttpReceiver(HangUp()) as receiver, refused("connection"):
        fetch(receiver.url)
    with refused("connection"):
        fetch(receiver.url)


def test_plain_http_behind_https_is_no_answer():
    with HttpReceiver(Answer()) as receiver, refused("tls"):
        fetch(receiver.url.replace("http:", "https:"))


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    with HttpReceiver(Answer(200)) as proxy, HttpReceiver(Answer(200, "here")) as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert fetch(receiver.url).text == "here"
        assert proxy.requests == []


def test_a_name_that_nobody_has(monkeypatch):
    def fail(*args, **more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(guarded, "getaddrinfo", fail)
    with refused("connection"):
        fetch("https://nowhere.invalid/", HERE)
