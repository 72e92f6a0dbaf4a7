"""What leaves the house: once a key, tried until it gives up, its end told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import LEASE, Channel, Delivery, Outcome, Status, send_due
from portal.foundation.runtime import Runtime

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SENT = Outcome(Status.SENT)
LATER = Outcome(Status.QUEUED, "451 try again")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine a transaction would be cut short for those who wait."""
    monkeypatch.setattr(deliveries, "HOLD_SECONDS", 60)


class Door:
    """A channel that answers as told and remembers what passed."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []
        self.told: list[str] = []

    def send(self, delivery: Delivery) -> Outcome:
        self.sent.append(delivery.dedup_key)
        outcome = self.outcomes.pop(0) if self.outcomes else SENT
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def settled(self, session: Session, delivery: Delivery, at: datetime) -> None:
        self.told.append(delivery.status)

    @property
    def channels(self) -> dict[str, Channel]:
        return {"mail": Channel(self.send, self.settled)}


class Commits:
    """How many there were since it was made."""

    def __init__(self, runtime: Runtime) -> None:
        self.count = 0
        event.listen(runtime.engine, "commit", self._note)

    def _note(self, _connection: object) -> None:
        self.count += 1


class Killed(BaseException):
    """Nobody catches it."""


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def put(runtime: Runtime, key: str = "one", **options: timedelta) -> None:
    with runtime.writers.begin() as session:
        deliveries.queue(session, "mail", at=AT, dedup_key=key, payload={}, **options)


def only(runtime: Runtime) -> Delivery:
    [delivery] = everything(runtime)
    return delivery


def everything(runtime: Runtime) -> list[Delivery]:
    """In the order of their keys."""
    with runtime.readers() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.dedup_key)))


def test_one_row_a_key(runtime: Runtime) -> None:
    put(runtime)
    put(runtime)
    assert only(runtime).status == Status.QUEUED


def test_sent_once_and_told(runtime: Runtime) -> None:
    put(runtime)
    door = Door()
    assert send_due(runtime.writers, door.channels, at=at(AT)) == 1
    assert send_due(runtime.writers, door.channels, at=at(AT + LEASE * 2)) == 0
    assert (door.sent, door.told) == (["one"], ["sent"])
    assert only(runtime).sent_at == AT


def test_a_temporary_failure_is_tried_again_and_told_once(runtime: Runtime) -> None:
    put(runtime)
    door = Door(LATER, LATER)
    moment = AT
    for _ in range(3):
        send_due(runtime.writers, door.channels, at=at(moment))
        moment += timedelta(minutes=2)
    assert len(door.sent) == 3
    assert door.told == ["queued", "sent"]


def test_it_gives_up_when_its_patience_ends(runtime: Runtime) -> None:
    put(runtime, patience=timedelta(seconds=4))
    door = Door(LATER)
    send_due(runtime.writers, door.channels, at=at(AT))
    assert only(runtime).status == Status.DEAD
    assert only(runtime).error == "451 try again"
    assert door.told == ["dead"]


def test_a_sender_that_crashes_is_a_failure_like_another(runtime: Runtime) -> None:
    put(runtime)
    door = Door(RuntimeError("boom"))
    send_due(runtime.writers, door.channels, at=at(AT))
    assert only(runtime).status == Status.QUEUED
    assert "boom" in only(runtime).error


def test_a_killed_sender_is_followed_after_the_lease(runtime: Runtime) -> None:
    put(runtime)
    door = Door()
    door.outcomes = [Killed()]  # type: ignore[list-item]

    def die(delivery: Delivery) -> Outcome:
        raise Killed

    try:
        send_due(runtime.writers, {"mail": Channel(die, door.settled)}, at=at(AT))
    except Killed:
        door.outcomes.clear()
    assert send_due(runtime.writers, door.channels, at=at(AT + LEASE / 2)) == 0
    assert send_due(runtime.writers, door.channels, at=at(AT + LEASE)) == 1
    assert only(runtime).status == Status.SENT


def test_a_dead_letter_is_replayed(runtime: Runtime) -> None:
    put(runtime)
    send_due(runtime.writers, Door(Outcome(Status.DEAD, "550 no such user")).channels, at=at(AT))
    with runtime.writers.begin() as session:
        deliveries.replay(session, session.scalars(select(Delivery)).one(), AT)
    door = Door()
    assert send_due(runtime.writers, door.channels, at=at(AT)) == 1
    assert only(runtime).status == Status.SENT


def test_other_kinds_stay(runtime: Runtime) -> None:
    put(runtime)
    door = Door()
    channels = {"page": Channel(door.send, door.settled)}
    assert send_due(runtime.writers, channels, at=at(AT)) == 0


def test_what_leaves_is_claimed_together_and_settled_one_by_one(runtime: Runtime) -> None:
    for key in ("one", "two", "three"):
        put(runtime, key)
    door, commits = Door(), Commits(runtime)
    assert send_due(runtime.writers, door.channels, at=at(AT)) == 3
    assert commits.count == 1 + 3
    assert [delivery.attempts for delivery in everything(runtime)] == [1, 1, 1]


def test_one_that_is_cut_off_keeps_the_others_from_nothing(runtime: Runtime) -> None:
    for key in ("1", "2", "3"):
        put(runtime, key)
    door = Door()

    def send(delivery: Delivery) -> Outcome:
        if delivery.dedup_key == "2":
            raise Killed
        return door.send(delivery)

    with pytest.raises(Killed):
        send_due(runtime.writers, {"mail": Channel(send, door.settled)}, at=at(AT))
    assert [row.status for row in everything(runtime)] == ["sent", "queued", "queued"]
    assert [row.attempts for row in everything(runtime)] == [1, 1, 0]
    assert send_due(runtime.writers, door.channels, at=at(AT)) == 1
    assert send_due(runtime.writers, door.channels, at=at(AT + LEASE)) == 1
    assert door.sent == ["1", "3", "2"]


def test_what_can_not_be_begun_early_in_the_lease_is_given_back(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(runtime)
    door = Door()
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "BEGIN_SECONDS", 0)
        assert send_due(runtime.writers, door.channels, at=at(AT)) == 0
    assert (door.sent, only(runtime).attempts) == ([], 0)
    assert send_due(runtime.writers, door.channels, at=at(AT)) == 1
    assert door.sent == ["one"]


def at_home(door: Door) -> dict[str, Channel]:
    return {"mail": Channel(door.send, door.settled, at_home=True)}


def test_what_stays_at_home_is_settled_together(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "TOGETHER", 4)
    for number in range(10):
        put(runtime, f"{number}")
    door, commits = Door(*[Outcome(Status.KEPT)] * 10), Commits(runtime)
    assert send_due(runtime.writers, at_home(door), at=at(AT)) == 10
    assert commits.count == 3 + 1  # the last one found nothing
    assert door.told == ["kept"] * 10
    assert {(row.status, row.attempts) for row in everything(runtime)} == {("kept", 1)}


def test_at_home_the_pen_is_given_away_in_time(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "HOLD_SECONDS", 0)
    for number in range(3):
        put(runtime, f"{number}")
    commits = Commits(runtime)
    assert send_due(runtime.writers, at_home(Door()), at=at(AT)) == 3
    assert commits.count == 3 + 1


def test_at_home_a_crash_leaves_nothing_half_done(runtime: Runtime) -> None:
    for number in range(3):
        put(runtime, f"{number}")
    door = Door()

    def dies_at_the_third(session: Session, delivery: Delivery, at: datetime) -> None:
        if delivery.dedup_key == "2":
            raise Killed
        door.settled(session, delivery, at)

    dying = {"mail": Channel(door.send, dies_at_the_third, at_home=True)}
    with pytest.raises(Killed):
        send_due(runtime.writers, dying, at=at(AT))
    assert {(row.status, row.attempts) for row in everything(runtime)} == {("queued", 0)}
    assert send_due(runtime.writers, at_home(Door()), at=at(AT)) == 3


def test_at_home_one_that_can_not_be_settled_waits_alone(runtime: Runtime) -> None:
    for number in range(3):
        put(runtime, f"{number}")
    door = Door()

    def breaks_at_the_second(session: Session, delivery: Delivery, at: datetime) -> None:
        if delivery.dedup_key == "1":
            raise RuntimeError("no luck")

    broken = {"mail": Channel(door.send, breaks_at_the_second, at_home=True)}
    with pytest.raises(RuntimeError, match="no luck"):
        send_due(runtime.writers, broken, at=at(AT))
    send_due(runtime.writers, broken, at=at(AT))
    assert [row.status for row in everything(runtime)] == ["sent", "queued", "sent"]
    assert send_due(runtime.writers, at_home(door), at=at(AT + LEASE)) == 1
    assert {row.status for row in everything(runtime)} == {"sent"}
