"""Shipping what thousands want: who presses waits for none of them, and each is told once."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from portal.core.quarters import quarter_of
from portal.foundation.clock import utcnow
from tests.bench.client import Answer, Client
from tests.bench.filling import signed_in
from tests.bench.gathering import ADMIN, Gathered
from tests.bench.measuring import OK, Times
from tests.bench.report import Figure
from tests.fixtures.processes import eventually

AT_ONCE: Final = 10  # times the floor of a committed write
PATIENCE: Final = 600  # seconds
CALM: Final = 2.0  # seconds: what the presses before have begun


def measured(url: str, one: Gathered, base: Times) -> Iterator[Figure]:
    """The keys of what ships, and the table that says which ideas ship with it."""
    (cookies,) = signed_in(one.filled, [ADMIN])
    admin = Client(url, cookies=cookies)
    for key in one.notes:
        time.sleep(CALM)
        told = _Told(one.database, "release_ideas", "release_id", key)
        admin.get(f"/whats-new/notes/{key}/publication")
        answer = admin.post(f"/whats-new/notes/{key}/publication", {})
        yield from _figures("note", told, answer, base)
    for key in one.items:
        time.sleep(CALM)
        told = _Told(one.database, "roadmap_ideas", "item_id", key)
        admin.get("/roadmap/board")
        answer = admin.post(f"/roadmap/board/{key}/place", _shipped(one.database, key))
        yield from _figures("roadmap item", told, answer, base)


def _shipped(database: Path, key: str) -> dict[str, str]:
    """As the board's form sends it."""
    with closing(sqlite3.connect(database)) as connection:
        (edition,) = connection.execute(EDITION, [UUID(key).hex]).fetchone()
    quarter = quarter_of(utcnow())
    return {"stage": "shipped", "quarter": quarter, "where": "last", "lock": str(edition)}


EDITION: Final = "SELECT edition FROM roadmap_items WHERE id = ?"


def _figures(what: str, told: "_Told", answer: Answer, base: Times) -> Iterator[Figure]:
    began = time.monotonic()
    assert answer.status in OK, f"{what}: {answer.status} {answer.body[:600]!r}"
    yield Figure(
        f"ship a {what}, {len(told.voters):,} voters",
        answer.seconds * 1000,
        "ms",
        ratio=answer.seconds / base.p95,
        limit=AT_ONCE,
    )
    eventually(lambda: told.by_now().total() >= len(told.voters), PATIENCE)
    yield Figure(f"ship a {what}: all are told after", time.monotonic() - began, "s")
    time.sleep(CALM)
    counts = told.by_now()
    wrong = {
        one for one in told.voters | counts.keys() if (counts[one] == 1) != (one in told.voters)
    }
    yield Figure(f"ship a {what}: voters not told exactly once", len(wrong), "", limit=0)


class _Told:
    """Who voted for what ships, and whom it was said since now."""

    def __init__(self, database: Path, table: str, column: str, key: str) -> None:
        self.database = database
        shipped = f"SELECT request_id FROM {table} WHERE {column} = ?"
        voted = f"SELECT user_id FROM feature_request_votes WHERE request_id IN ({shipped})"
        with closing(sqlite3.connect(database)) as connection:
            self.voters = {row for (row,) in connection.execute(voted, [UUID(key).hex])}
            (self.last,) = connection.execute(LAST).fetchone()

    def by_now(self) -> Counter[str]:
        with closing(sqlite3.connect(self.database)) as connection:
            return Counter(row for (row,) in connection.execute(SINCE, [self.last]))


LAST: Final = "SELECT coalesce(max(rowid), 0) FROM notifications"
SINCE: Final = """SELECT user_id FROM notifications
    WHERE rowid > ? AND kind IN ('idea_shipped', 'roadmap_shipped')"""
