"""Letters on their way: taken, put off, refused, kept, and repeated by the same name."""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation import deliveries
from portal.foundation.deliveries import Channel, Delivery, Outcome, Status
from portal.foundation.mail import Letter, SmtpTransport
from portal.foundation.runtime import Runtime
from portal.notifications import mailing
from tests.fixtures.world import NOW
from tests.support.smtp_receiver import Drip, SmtpReceiver


def letter(to: str = "owner@acme.test") -> Letter:
    return Letter(
        to=to,
        sender="support@corbel.test",
        subject="[#1042] Schedule is empty",
        text="We answer by Tuesday, 10:30.\n",
        written_at=NOW,
        message_id="<message.1@corbel.test>",
    )


def post(session: Session, key: str = "one", **changes: str) -> Delivery:
    delivery = mailing.post(session, letter(**changes), at=NOW, dedup_key=key)
    assert delivery is not None
    session.commit()
    return delivery


def nothing_more(session: Session, delivery: Delivery, at: datetime) -> None:
    pass


def through(receiver: SmtpReceiver, timeout: float = 5) -> Channel:
    transport = SmtpTransport(receiver.host, receiver.port, timeout=timeout)
    return mailing.channel(transport, nothing_more)


def send(runtime: Runtime, channel: Channel, at: datetime = NOW) -> int:
    return deliveries.send_due(runtime.writers, {"mail": channel}, at=lambda: at)


def look(session: Session, delivery: Delivery) -> Delivery:
    session.rollback()
    session.refresh(delivery)
    return delivery


def test_taken_by_the_server(runtime: Runtime, session: Session) -> None:
    delivery = post(session)
    with SmtpReceiver() as receiver:
        assert send(runtime, through(receiver)) == 1
        [taken] = receiver.letters
    assert taken.recipients == ("owner@acme.test",)
    assert taken.message()["Subject"] == "[#1042] Schedule is empty"
    assert look(session, delivery).status == Status.SENT
    assert delivery.sent_at == NOW
    with SmtpReceiver() as receiver:
        assert send(runtime, through(receiver)) == 0


def test_queued_once_by_its_key(session: Session) -> None:
    post(session)
    assert mailing.post(session, letter(), at=NOW, dedup_key="one") is None
    long = "x" * 500
    assert mailing.post(session, letter(), at=NOW, dedup_key=long) is not None
    assert mailing.post(session, letter(), at=NOW, dedup_key=long) is None


def test_busy_server_is_asked_again_for_a_day(runtime: Runtime, session: Session) -> None:
    delivery = post(session)
    with SmtpReceiver({"RCPT": "451 4.7.1 greylisted"}) as receiver:
        channel = through(receiver)
        send(runtime, channel)
        assert look(session, delivery).status == Status.QUEUED
        assert "451 4.7.1 greylisted" in delivery.error
        assert delivery.next_try_at == NOW + timedelta(seconds=5)
        send(runtime, channel, NOW + timedelta(seconds=4))
        assert look(session, delivery).attempts == 1
        at = NOW
        while delivery.status == Status.QUEUED and at < NOW + timedelta(days=2):
            at = delivery.next_try_at
            send(runtime, channel, at)
            look(session, delivery)
    assert delivery.status == Status.DEAD
    assert timedelta(hours=22) < at - NOW <= timedelta(hours=24)
    assert delivery.attempts > 20


def test_refused_for_good_keeps_the_servers_words(runtime: Runtime, session: Session) -> None:
    delivery = post(session)
    with SmtpReceiver({"RCPT": "550 5.1.1 no such person"}) as receiver:
        send(runtime, through(receiver))
    assert look(session, delivery).status == Status.DEAD
    assert delivery.error == "recipient: 550 5.1.1 no such person"


def test_impossible_address_dies_without_a_server(runtime: Runtime, session: Session) -> None:
    delivery = post(session, to="not an address")
    with SmtpReceiver() as receiver:
        send(runtime, through(receiver))
        assert receiver.commands == []
    assert look(session, delivery).status == Status.DEAD


def test_dripping_server_frees_the_worker_for_the_whole_batch(
    runtime: Runtime, session: Session
) -> None:
    for number in range(10):
        post(session, f"letter {number}")
    with SmtpReceiver({"DATA": Drip()}) as receiver:
        assert send(runtime, through(receiver, timeout=0.5)) == 10
        assert len([line for line in receiver.commands if line.lower().startswith("mail")]) == 1
    rows = session.scalars(select(Delivery)).all()
    assert {row.status for row in rows} == {Status.QUEUED}
    assert all(row.error.startswith("timeout") for row in rows)


def test_postman_works_again_after_a_rest(session: Session) -> None:
    now = [0.0]
    with SmtpReceiver({"CONNECT": "421 shutting down"}) as receiver:
        transport = SmtpTransport(receiver.host, receiver.port, timeout=5)
        postman = mailing.Postman(transport, clock=lambda: now[0])
        delivery = post(session)
        assert postman.send(delivery).status == Status.QUEUED
        receiver.script.clear()
        resting = postman.send(delivery)
        assert (resting.status, resting.retry_after) == (Status.QUEUED, mailing.REST)
        now[0] = 15.1
        assert postman.send(delivery).status == Status.SENT


def test_without_a_mail_server_nothing_leaves(runtime: Runtime) -> None:
    assert runtime.channels["mail"].at_home
    with SmtpReceiver() as receiver:
        assert not through(receiver).at_home


def test_without_a_mail_server_letters_are_kept(runtime: Runtime, session: Session) -> None:
    delivery = post(session)
    assert runtime.settings.smtp is None
    send(runtime, runtime.channels["mail"])
    assert look(session, delivery).status == Status.KEPT


@pytest.fixture
def killed_after_sending() -> Callable[[Runtime, Channel], None]:
    """A worker that is killed between the server's answer and writing it down."""

    def work(runtime: Runtime, channel: Channel) -> None:
        def send_and_die(delivery: Delivery) -> Outcome:
            channel.send(delivery)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError

        runtime.engine.dispose()
        child = os.fork()
        if child == 0:
            send(runtime, Channel(send_and_die, nothing_more))
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL

    return work


def test_killed_between_sending_and_noting_repeats_by_the_same_name(
    runtime: Runtime,
    session: Session,
    killed_after_sending: Callable[[Runtime, Channel], None],
) -> None:
    delivery = post(session)
    session.close()
    with SmtpReceiver() as receiver:
        channel = through(receiver)
        killed_after_sending(runtime, channel)
        assert send(runtime, channel) == 0  # its lease still runs
        assert send(runtime, channel, NOW + deliveries.LEASE) == 1
        first, second = receiver.wait_for(2)
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    with runtime.writers() as again:
        assert again.get_one(Delivery, delivery.id).status == Status.SENT


def test_a_kill_among_many_repeats_only_the_one_in_hand(
    runtime: Runtime,
    session: Session,
    killed_after_sending: Callable[[Runtime, Channel], None],
) -> None:
    for number in range(3):
        post(session, f"letter {number}", to=f"{number}@acme.test")
    session.close()
    with SmtpReceiver() as receiver:
        channel = through(receiver)
        killed_after_sending(runtime, channel)
        assert send(runtime, channel, NOW + deliveries.LEASE) == 3
        taken = [letter.recipients[0] for letter in receiver.wait_for(4)]
    assert len(taken) == 4
    assert taken[1:].count(taken[0]) == 1
    assert set(taken) == {"0@acme.test", "1@acme.test", "2@acme.test"}
