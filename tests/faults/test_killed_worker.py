"""The worker dies in mid-job, again and again: each effect once, and all is done."""

import os
import random
import signal
import time
from collections import Counter

from sqlalchemy import select

from portal.core.permissions import Actor
from portal.foundation.deliveries import Delivery
from portal.notifications.models import Notification
from tests.faults.books import Books
from tests.fixtures.live import Live, StartLive
from tests.fixtures.processes import eventually

CASES = 30  # each time
KILLS = 3


def kill_in_mid_job(system: Live, books: Books, owner: Actor, dice: random.Random) -> int:
    """The worker that is there now, while it still has something to do. How many cases it took."""
    filed = 0
    while True:
        books.file(owner, CASES)
        filed += CASES
        before = books.dealt_with()
        eventually(lambda: books.dealt_with() > before, every=0.01)  # noqa: B023
        time.sleep(dice.uniform(0, 0.1))
        worker = eventually(lambda: system.running("worker"))
        os.kill(worker, signal.SIGSTOP)
        if books.undone() > 0:
            os.kill(worker, signal.SIGKILL)
            return filed
        os.kill(worker, signal.SIGCONT)  # it was too fast for us


def test_each_effect_once_and_everything_done(start_live: StartLive) -> None:
    system = start_live()
    dice = random.Random(46)
    with Books(system) as books:
        books.hire()
        owner = books.enrol("owner@acme.test")
        cases = sum(kill_in_mid_job(system, books, owner, dice) for _ in range(KILLS))
        eventually(lambda: books.undone() == 0, every=0.2)

        assert books.dead() == []
        assert books.times_each("opened") == {1: cases}
        assert books.times_each("assigned") == {1: cases}
        assert books.times_each("success_flagged") == {1: 1}
        with books.read() as session:
            letters = list(session.scalars(select(Delivery.recipient)))
            inbox = session.execute(select(Notification.user_id, Notification.ticket_id))
            told = Counter((user_id, ticket_id) for user_id, ticket_id in inbox)
        assert letters.count(owner.email) == cases
        assert set(told.values()) == {1}, "each agent is told of what they got, once"
