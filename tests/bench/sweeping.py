"""Ten thousand clocks that fall due at once, and one worker.

Measured on a system as it runs, with a customer who goes on asking for help meanwhile.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from portal.foundation.clock import utcnow
from tests.bench.filling import Filled, fill
from tests.bench.measuring import Times
from tests.bench.pages import BY_FORM, Writers
from tests.bench.report import Figure
from tests.bench.stories import UNANSWERED
from tests.bench.systems import scratch, system

CLOCKS = 10_000
LIMIT = 60  # seconds
PATIENCE = 600
EVERY = 0.5

DUE_NOW = """UPDATE ticket_steps SET at = :now
    WHERE clock = 'first_response' AND fired_at IS NULL AND cancelled_at IS NULL
    AND (do = 'breach' OR (do = 'escalate' AND tier = 2))"""
CLOCKS_BREAK = """UPDATE ticket_clocks SET due_at = :now
    WHERE clock = 'first_response' AND met_at IS NULL AND stopped_at IS NULL"""
STEPS_LEFT = """SELECT count(*) FROM ticket_steps
    WHERE fired_at IS NULL AND cancelled_at IS NULL AND at <= :now"""
EVENTS_LEFT = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
EVENTS_DEAD = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL"
LETTERS_LEFT = "SELECT count(*) FROM deliveries WHERE status = 'queued'"
LETTERS = "SELECT count(*) FROM deliveries"


def measured() -> Iterator[Figure]:
    with scratch("sweep") as data:
        filled = fill(data, CLOCKS, [UNANSWERED])
        with system(data) as live:
            yield from _swept(live.url, filled, data / "corbel.db")


QUESTIONS = {
    "all acted on": STEPS_LEFT,
    "events dealt with, people told": f"SELECT ({STEPS_LEFT}) + ({EVENTS_LEFT})",
    "letters out as well": f"SELECT ({STEPS_LEFT}) + ({EVENTS_LEFT}) + ({LETTERS_LEFT})",
}


def _swept(url: str, filled: Filled, path: Path) -> Iterator[Figure]:
    by_form = Writers(url, filled).asks()[BY_FORM]
    creates, done = Times(), dict[str, float]()
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as books:
        letters, now = _count(books, LETTERS), _now()
        clocks = _let_fall_due(books, now)
        began = time.monotonic()
        while len(done) < len(QUESTIONS) and time.monotonic() - began < PATIENCE:
            time.sleep(EVERY)
            for what, question in QUESTIONS.items():
                if what not in done and not _count(books, question, now):
                    done[what] = time.monotonic() - began
                    yield _acted(what, done[what], clocks)
            creates.seconds.append(by_form().seconds)
        letters = _count(books, LETTERS) - letters
        dead = _count(books, EVENTS_DEAD)
    for what in QUESTIONS.keys() - done:
        yield _acted(f"{what}, given up", PATIENCE, clocks)
    yield Figure("sweep: letters written", letters, "")
    yield Figure("sweep: creates by form meanwhile, p95", creates.p95 * 1000, "ms")
    yield Figure("sweep: events given up", dead, "", limit=0)


def _acted(what: str, seconds: float, clocks: int) -> Figure:
    """Only that all are acted on has a limit; the rest is told."""
    limit = LIMIT if QUESTIONS.get(what, STEPS_LEFT) is STEPS_LEFT else None
    return Figure(f"sweep: {what}", seconds, "s", limit=limit, note=f"{clocks:,} clocks")


def _let_fall_due(books: sqlite3.Connection, now: str) -> int:
    """Returns how many clocks."""
    books.execute("BEGIN IMMEDIATE")
    books.execute(DUE_NOW, {"now": now})
    clocks = books.execute(CLOCKS_BREAK, {"now": now}).rowcount
    books.execute("COMMIT")
    return clocks


def _count(books: sqlite3.Connection, question: str, now: str = "") -> int:
    count: int = books.execute(question, {"now": now}).fetchone()[0]
    return count


def _now() -> str:
    """As SQLite keeps it."""
    return utcnow().replace(tzinfo=None).isoformat(" ", "microseconds")
