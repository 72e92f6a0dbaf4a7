"""Redis dies, hangs or forgets everything: nobody who asks for help notices."""

import os
import signal

import pytest
import requests
from redis import Redis
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from portal.foundation.outbox import OutboxEvent
from tests.faults.books import Books
from tests.faults.customers import post
from tests.fixtures.live import StartLive
from tests.fixtures.processes import GENEROUS, eventually
from tests.fixtures.programs import TICKETS
from tests.fixtures.valkey import ValkeyServer
from tests.support.http_receiver import HttpReceiver

pytestmark = pytest.mark.once

TIMES = 6


URGENT = {"PACK": "engineers", "PAGERDUTY_KEY": "k"}  # where what is critical always pages


def report(url: str, token: str, mark: str, **fields: str) -> None:
    """So many problems, each acknowledged at the first try."""
    for number in range(TIMES):
        posted = post(url, token, f"{mark}-{number}", subject=f"{mark} {number}", **fields)
        assert posted.status == 201, posted


def test_killed_tickets_pages_and_everything_else_go_on(
    start_live: StartLive, valkey_server: ValkeyServer, duty: HttpReceiver
) -> None:
    system = start_live(REDIS_URL=valkey_server.url, PAGERDUTY_URL=duty.url, **URGENT)
    with Books(system) as books:
        books.hire()
        books.enrol("owner@acme.test")
        token = books.token("owner@acme.test")
        valkey_server.kill()
        report(system.url, token, "dead", severity="critical")
        pages = duty.wait_for(TIMES, GENEROUS)
        assert len({page.json()["dedup_key"] for page in pages}) == TIMES
        read = requests.get(
            system.url + TICKETS, headers={"Authorization": f"Bearer {token}"}, timeout=GENEROUS
        )
        assert len(read.json()["items"]) == TIMES

        valkey_server.start()
        report(system.url, token, "back", severity="critical")
        eventually(lambda: books.undone() == 0, every=0.2)
        assert books.dead() == []
        books.assert_nothing_is_half()
        assert books.times_each("page_accepted") == {1: 2 * TIMES}
        assert len(duty.requests) == 2 * TIMES


def test_hung_tickets_and_pages_go_on(
    start_live: StartLive, valkey_server: ValkeyServer, duty: HttpReceiver
) -> None:
    """Connections are taken and nobody ever answers: worse than dead."""
    system = start_live(REDIS_URL=valkey_server.url, PAGERDUTY_URL=duty.url, **URGENT)
    assert valkey_server.process is not None
    with Books(system) as books:
        books.hire()
        books.enrol("owner@acme.test")
        token = books.token("owner@acme.test")
        os.kill(valkey_server.process.pid, signal.SIGSTOP)
        try:
            report(system.url, token, "hung", severity="critical")
            duty.wait_for(TIMES, GENEROUS)
        finally:
            os.kill(valkey_server.process.pid, signal.SIGCONT)
        eventually(lambda: books.undone() == 0, every=0.2)
        assert books.dead() == []
        books.assert_nothing_is_half()


def stop_at_rest(pid: int, books: Books) -> None:
    """Halted, but not while it holds the database."""

    def halted() -> bool:
        os.kill(pid, signal.SIGSTOP)
        try:
            with books.write() as session:
                session.execute(update(OutboxEvent).values(attempts=OutboxEvent.attempts))
        except OperationalError:
            os.kill(pid, signal.SIGCONT)
            return False
        return True

    eventually(halted)


def test_emptied_with_work_queued_everything_catches_up(
    start_live: StartLive, valkey_server: ValkeyServer
) -> None:
    system = start_live(REDIS_URL=valkey_server.url)
    cases = 60
    with Books(system) as books, Redis.from_url(valkey_server.url) as redis:
        books.hire()
        owner = books.enrol("owner@acme.test")
        token = books.token(owner.email)
        worker = system.pid("worker")
        stop_at_rest(worker, books)  # so that rings pile up
        try:
            books.file(owner, cases)
            report(system.url, token, "rung")
            # the last bell sounds after its answer; one the worker may hold already
            eventually(lambda: redis.llen("rq:queue:default") >= TIMES - 1)
            redis.flushall()
        finally:
            os.kill(worker, signal.SIGCONT)
        eventually(lambda: books.undone() == 0, every=0.2)
        assert books.dead() == []
        assert books.times_each("assigned") == {1: cases + TIMES}
