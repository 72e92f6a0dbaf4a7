"""Somebody else holds SQLite's one lock: writers wait or are told, and no word is lost."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Timer
from typing import Any

import pytest

from tests.faults.books import Books
from tests.faults.customers import post
from tests.fixtures.database import KIND
from tests.fixtures.live import Live, StartLive
from tests.fixtures.processes import eventually
from tests.fixtures.world import PASSWORD
from tests.support.visitors import WORDS, Visitor

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(KIND != "sqlite", reason="only SQLite has one lock for everything"),
]
SECONDS = 8  # less than a writer waits, on a machine that isn't overloaded
SUBJECTS = {"By program", "By form", "By letter"}


@contextmanager
def locked(system: Live) -> Iterator[sqlite3.Connection]:
    path = system.data / "corbel.db"
    with closing(sqlite3.connect(path, timeout=60, check_same_thread=False)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        if connection.in_transaction:
            connection.execute("ROLLBACK")


class Crowd:
    """A program, somebody signed in and a stranger, each about to send a ticket."""

    def __init__(self, system: Live, books: Books) -> None:
        books.hire()
        books.enrol("owner@acme.test", PASSWORD)
        self.url, self.token = system.url, books.token("owner@acme.test")
        self.owner, self.stranger = Visitor(system.url), Visitor(system.url)
        self.owner.sign_in("owner@acme.test", PASSWORD)

    def ways(self) -> list[Callable[[], Any]]:
        return [
            lambda: post(self.url, self.token, "by-program", subject="By program"),
            lambda: self.owner.report("By form"),
            lambda: self.stranger.write("By letter"),
        ]

    def leave(self) -> None:
        self.owner.browser.close()
        self.stranger.browser.close()


@pytest.fixture
def system(start_live: StartLive) -> Live:
    return start_live()


def test_a_short_lock_is_waited_for(system: Live) -> None:
    """Eight seconds: each is taken, or told with the hour to come back; nobody is told nothing."""
    with Books(system) as books, ThreadPoolExecutor(3) as pool:
        crowd = Crowd(system, books)
        with locked(system) as lock:
            Timer(SECONDS, lambda: lock.execute("ROLLBACK")).start()
            asked: list[Future[Any]] = [pool.submit(way) for way in crowd.ways()]
            assert crowd.stranger.get("/healthz").status_code == 200
            program, form, letter = [one.result() for one in asked]
        for status, retry_after, done in (
            (program.status, program.retry_after, 201),
            (form.status_code, form.headers.get("Retry-After"), 303),
            (letter.status_code, letter.headers.get("Retry-After"), 303),
        ):
            assert status == done or (status == 503 and int(retry_after or 0) > 0)
        if program.status == 503:
            program = post(system.url, crowd.token, "by-program", subject="By program")
        if form.status_code == 503:
            form = crowd.owner.send_again("/tickets/new", form)
        if letter.status_code == 503:
            letter = crowd.stranger.send_again("/contact", letter)
        assert (program.status, form.status_code, letter.status_code) == (201, 303, 303)
        crowd.leave()
        assert books.subjects() == dict.fromkeys(SUBJECTS, 1)
        eventually(lambda: books.undone() == 0, every=0.2)
        books.assert_nothing_is_half()


def test_a_long_lock_is_told_and_the_words_are_handed_back(system: Live) -> None:
    with Books(system) as books, ThreadPoolExecutor(3) as pool:
        crowd = Crowd(system, books)
        pages = crowd.owner.keys("/tickets/new"), crowd.stranger.keys("/contact")
        assert all("press" in keys for keys in pages)
        with locked(system):
            asked: list[Future[Any]] = [pool.submit(way) for way in crowd.ways()]
            program, form, letter = [one.result() for one in asked]
            assert crowd.owner.get("/tickets").status_code == 200, "reading goes on"
        assert (program.status, form.status_code, letter.status_code) == (503, 503, 503)
        assert int(program.retry_after) > 0
        for page in (form, letter):
            assert int(page.headers["Retry-After"]) > 0
            assert "What you wrote is kept on this page" in page.text
            assert crowd.owner.hidden(page)["body"].replace("\r\n", "\n").endswith(WORDS)
        assert books.subjects() == {}

        again = post(system.url, crowd.token, "by-program", subject="By program")
        for _press in range(2):
            form_again = crowd.owner.send_again("/tickets/new", form)
            letter_again = crowd.stranger.send_again("/contact", letter)
            assert (form_again.status_code, letter_again.status_code) == (303, 303)
        assert again.status == 201
        crowd.leave()
        assert books.subjects() == dict.fromkeys(SUBJECTS, 1)
        eventually(lambda: books.undone() == 0, every=0.2)
        assert books.dead() == []
        books.assert_nothing_is_half()
