"""What leaves the house: once a key, tried until it gives up, its end told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import LEASE, Channel, Delivery, Outcome, Status, send_due
from portal.foundation.runtime import Runtime

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SENT = Outcome(Status.SENT)
LATER = Outcome(Status.QUEUED, "451 try again")


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


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def put(runtime: Runtime, key: str = "one", **options: timedelta) -> None:
    with runtime.writers.begin() as session:
        deliveries.queue(session, "mail", at=AT, dedup_key=key, payload={}, **options)


def only(runtime: Runtime) -> Delivery:
    with runtime.readers() as session:
        return session.scalars(select(Delivery)).one()


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

    class Killed(BaseException):
        pass

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
