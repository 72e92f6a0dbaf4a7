"""A total time limit for talking to a server, however slowly it answers.

Socket timeouts only limit the wait for the next byte: a server that sends one byte every few
seconds holds its caller for hours.
"""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

T = TypeVar("T")


class DeadlinePassed(Exception):
    """The work took longer than it was given."""


class Lifeline:
    """The connections of one piece of work, so that they can be cut from outside."""

    def __init__(self) -> None:
        self._held: list[socket.socket] = []
        self._cut = False
        self._lock = Lock()

    def hold(self, connection: socket.socket) -> None:
        with self._lock:
            # A duplicate, because wrapping a socket in TLS takes the original's descriptor.
            self._held.append(connection.dup())
            if self._cut:
                self._shut()

    def cut(self) -> None:
        """Ends every connection; whoever waits on one gets an error at once."""
        with self._lock:
            self._cut = True
            self._shut()

    def let_go(self) -> None:
        with self._lock:
            while self._held:
                self._held.pop().close()

    def _shut(self) -> None:
        for connection in self._held:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side was faster


def within(seconds: float, work: Callable[[Lifeline], T]) -> T:
    """The result of `work`, or DeadlinePassed after `seconds`; its own errors pass through.

    Work that is late has its connections cut. It runs in a thread of its own because a name
    lookup can be neither cut nor given a time limit.
    """
    lifeline = Lifeline()
    outcome: Future[T] = Future()
    Thread(target=_run, args=(work, lifeline, outcome), daemon=True).start()
    try:
        return outcome.result(timeout=seconds)
    except TimeoutError:
        if outcome.done():
            return outcome.result()
        lifeline.cut()
        raise DeadlinePassed(f"no answer within {seconds:g} s") from None


def _run(work: Callable[[Lifeline], T], lifeline: Lifeline, outcome: Future[T]) -> None:
    try:
        outcome.set_result(work(lifeline))
    except BaseException as error:
        outcome.set_exception(error)
    finally:
        lifeline.let_go()
