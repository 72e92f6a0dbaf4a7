import socket
import threading

import pytest

from portal.foundation.deadline import DeadlinePassed, Lifeline, within
from tests.fixtures.processes import GENEROUS


def test_work_in_time_gives_its_result():
    assert within(5, lambda lifeline: 42) == 42


def test_errors_of_the_work_pass_through():
    def fail(lifeline: Lifeline) -> None:
        raise LookupError("no such host")

    with pytest.raises(LookupError, match="no such host"):
        within(5, fail)


def test_a_timeout_raised_by_the_work_is_its_own_error():
    def fail(lifeline: Lifeline) -> None:
        raise TimeoutError("the socket's")

    with pytest.raises(TimeoutError, match="the socket's"):
        within(5, fail)


def test_late_work_is_left_at_the_deadline():
    release = threading.Event()
    ended = threading.Event()

    def wait(lifeline: Lifeline) -> None:
        release.wait()
        ended.set()

    with pytest.raises(DeadlinePassed, match=r"within 0\.1 s"):
        within(0.1, wait)
    assert not ended.is_set()  # it goes on without us
    release.set()
    assert ended.wait(GENEROUS)


def test_a_held_connection_is_cut_so_that_the_work_ends():
    ours, theirs = socket.socketpair()
    ended = threading.Event()

    def read(lifeline: Lifeline) -> None:
        lifeline.hold(ours)
        assert ours.recv(1) == b""
        ended.set()

    with pytest.raises(DeadlinePassed):
        within(0.1, read)
    assert ended.wait(GENEROUS)
    ours.close()
    theirs.close()


def test_a_connection_opened_after_the_cut_is_cut_as_well():
    ours, theirs = socket.socketpair()
    lifeline = Lifeline()
    lifeline.cut()
    lifeline.hold(ours)
    assert ours.recv(1) == b""
    lifeline.let_go()
    ours.close()
    theirs.close()


def test_nothing_stays_open_after_the_work():
    ours, theirs = socket.socketpair()
    within(5, lambda lifeline: lifeline.hold(ours))
    ours.close()
    theirs.settimeout(GENEROUS)
    assert theirs.recv(1) == b""  # the duplicate is closed too
    theirs.close()
