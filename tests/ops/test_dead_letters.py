"""What was given up: seen by the doctor, tried anew by an operator."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from portal.foundation import deliveries, outbox
from portal.foundation.deliveries import Channel, Outcome, Status
from portal.foundation.outbox import MAX_TRIES
from portal.ops import dead_letters, doctor, ticking
from portal.ops.doctor import Mark
from tests.fixtures.database import KIND
from tests.support.plans import planned

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class World:
    """A subscriber and a mail server that work or don't."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.broken = True
        self.done = []
        runtime.tickers.clear()
        runtime.subscribers = {"test.happened": [self.hear], "test.other": [self.hear]}
        runtime.channels = {"mail": Channel(self.send, lambda *_: None)}

    def hear(self, _session, happened):
        if self.broken:
            raise RuntimeError("no luck\nsecond line")
        self.done.append(happened.kind)

    def send(self, delivery):
        if self.broken:
            return Outcome(Status.DEAD, "550 no such mailbox")
        self.done.append(delivery.recipient)
        return Outcome(Status.SENT)

    def happen(self, kind="test.happened"):
        with self.runtime.writers.begin() as session:
            outbox.record(session, kind, at=AT, builder_id=None)

    def write(self, to="ann@acme.test"):
        with self.runtime.writers.begin() as session:
            deliveries.queue(
                session, "mail", at=AT, dedup_key=str(uuid4()), payload={}, recipient=to
            )

    def give_up(self):
        for turn in range(MAX_TRIES):
            ticking.tick(self.runtime, AT + turn * DAY)

    def findings(self):
        return {one.subject: one for one in doctor.given_up(self.runtime)}


@pytest.fixture
def given(runtime):
    return World(runtime)


def test_where_nothing_was_given_up_all_is_well(given):
    given.happen()
    given.write()
    assert [one.mark for one in given.findings().values()] == [Mark.FINE] * 2


def test_the_doctor_counts_them_and_says_why(given):
    for kind in ("test.happened", "test.happened", "test.other"):
        given.happen(kind)
    given.write()
    given.give_up()
    events, letters = given.findings()["events"], given.findings()["deliveries"]
    assert events.broken
    assert "2 test.happened (RuntimeError: no luck); 1 test.other (RuntimeError" in events.detail
    assert "second line" not in events.detail
    assert "corbel replay" in events.detail
    assert letters.broken
    assert "1 mail (550 no such mailbox)" in letters.detail


def test_everything_is_tried_anew(given, monkeypatch):
    monkeypatch.setattr(dead_letters, "MOST", 2)
    for _ in range(3):
        given.happen()
    given.write()
    given.give_up()
    assert given.done == []
    given.broken = False
    later = AT + 10 * DAY
    ticking.tick(given.runtime, later)
    assert given.done == [], "what was given up is left alone"
    assert dead_letters.replay_all(given.runtime.writers, at=later) == 4
    ticking.tick(given.runtime, later)
    assert sorted(given.done) == ["ann@acme.test", *["test.happened"] * 3]
    assert dead_letters.replay_all(given.runtime.writers, at=later) == 0


def test_what_fails_again_gets_all_its_tries_again(given):
    given.happen()
    given.give_up()
    dead_letters.replay_all(given.runtime.writers, at=AT + 10 * DAY)
    for turn in range(MAX_TRIES - 1):
        ticking.tick(given.runtime, AT + (10 + turn) * DAY)
    assert not given.findings()["events"].broken
    ticking.tick(given.runtime, AT + 20 * DAY)
    assert given.findings()["events"].broken


def test_one_is_named_by_its_id(given):
    given.happen()
    given.write("ann@acme.test")
    given.write("bob@acme.test")
    given.give_up()
    lines = list(dead_letters.lines(given.runtime.readers))
    assert [line.split()[1:3] for line in lines] == [
        ["event", "test.happened"],
        ["mail", "ann@acme.test"],
        ["mail", "bob@acme.test"],
    ]
    given.broken = False
    for line in lines[:2]:
        key = UUID(line.split()[0])
        dead_letters.replay_one(given.runtime.writers, key, at=AT + 10 * DAY)
    ticking.tick(given.runtime, AT + 10 * DAY)
    assert given.done == ["test.happened", "ann@acme.test"]
    assert len(list(dead_letters.lines(given.runtime.readers))) == 1


def test_an_id_of_nothing_is_refused(given):
    given.happen()
    with pytest.raises(dead_letters.NoDeadLetter, match="nothing that was given up has the id"):
        dead_letters.replay_one(given.runtime.writers, uuid4(), at=AT)


@pytest.mark.skipif(KIND != "sqlite", reason="reads SQLite's plans")
def test_they_are_found_without_reading_what_went_well(given):
    with planned(given.runtime.engine) as plans:
        given.findings()
        list(dead_letters.lines(given.runtime.readers))
        dead_letters.replay_all(given.runtime.writers, at=AT)
    assert len(plans) == 6
    for plan in plans:
        assert re.search(r"USING INDEX ix_(outbox|deliveries)_dead", plan), plan
