"""The web server dies while tickets are being posted: acknowledged is there, once, and whole."""

import os
import random
import signal
import time
from contextlib import suppress

from tests.faults.books import Books
from tests.faults.customers import Customer
from tests.fixtures.live import Live, StartLive, children_of
from tests.fixtures.processes import eventually

CUSTOMERS = 4
ROUNDS = 6
MASTER_ROUNDS = {1, 4}  # the others kill one process that serves


def kill_one(system: Live, number: int, dice: random.Random) -> None:
    with suppress(ProcessLookupError, FileNotFoundError, LookupError, IndexError):
        master = system.pid("web")
        victim = master if number in MASTER_ROUNDS else dice.choice(children_of(master))
        os.kill(victim, signal.SIGKILL)


def flowing(customers: list[Customer]) -> None:
    """Returns when new tickets are acknowledged again."""
    before = count(customers)
    eventually(lambda: count(customers) > before + CUSTOMERS, every=0.02)


def count(customers: list[Customer]) -> int:
    return sum(len(customer.acknowledged) for customer in customers)


def test_every_acknowledged_ticket_is_there_once_and_none_is_half(start_live: StartLive) -> None:
    system = start_live(WEB_WORKERS="2")
    dice = random.Random(46)
    with Books(system) as books:
        books.hire()
        customers = []
        for number in range(CUSTOMERS):
            email = f"owner{number}@acme.test"
            books.enrol(email)
            tokens = [books.token(email) for _ in range(4)]
            customers.append(Customer(system.url, f"Customer {number}", tokens))
        for customer in customers:
            customer.start()
        for number in range(ROUNDS):
            flowing(customers)
            time.sleep(dice.uniform(0, 0.3))
            kill_one(system, number, dice)
        for customer in customers:
            customer.finish()

        acknowledged = {
            subject: number
            for customer in customers
            for subject, number in customer.acknowledged.items()
        }
        refused = [posted for customer in customers for posted in customer.refused]
        tries = sum(customer.tries for customer in customers)
        assert not refused
        assert len(acknowledged) > CUSTOMERS * ROUNDS
        assert tries > len(acknowledged), "nothing was killed in mid-request"
        assert len(set(acknowledged.values())) == len(acknowledged)
        assert books.subjects() == dict.fromkeys(acknowledged, 1)
        books.assert_nothing_is_half()

        eventually(lambda: books.undone() == 0, every=0.3)
        assert books.dead() == []
        assert books.times_each("assigned") == {1: len(acknowledged)}
