"""Keeps child processes running: starts, prefixes what they say, restarts, stops in order.

Imports next to nothing, because it stays in memory as long as the system runs.
"""

import ctypes
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import IO, NoReturn

DELAYS = (1.0, 2.0, 5.0, 10.0)  # seconds before the first, second, … restart in a row
MANY_DEATHS = 5
WITHIN = 60.0
DELAY_AFTER_MANY = 30.0
MOST_LAST_WORDS = 100  # reads of 64 kB
PR_SET_PDEATHSIG = 1

Say = Callable[[str, str], None]
"""Receives the speaker's name and one line."""
Heed = Callable[[selectors.SelectorKey], object]
"""What is done when there is something to read."""


class Stopped(Exception):
    """A signal asked us to stop while we waited for something else."""


@dataclass(slots=True)
class Child:
    """A program to keep running; `patience` is how many seconds it is given to stop."""

    name: str
    command: Sequence[str]
    patience: float = 3.0
    orphaned: signal.Signals = signal.SIGTERM  # what it gets when we are killed
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)
    start_at: float = 0.0
    unfinished: bytes = b""

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def died(self, now: float) -> float:
        """Note a death; returns the seconds to wait before the next start."""
        self.deaths = [death for death in self.deaths if now - death < WITHIN] + [now]
        if len(self.deaths) >= MANY_DEATHS:
            return DELAY_AFTER_MANY
        return DELAYS[len(self.deaths) - 1]


class Supervisor:
    def __init__(self, environment: Mapping[str, str], inherited: Sequence[int], say: Say) -> None:
        """`inherited`: open descriptors that every child gets."""
        self.environment = dict(environment)
        self.inherited = tuple(inherited)
        self.say = say
        self.children: list[Child] = []
        self.signals = 0
        self.stopping = False
        self._selector = selectors.DefaultSelector()
        self._wake_on_signals()

    def _wake_on_signals(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        self._heed(reader, lambda key: os.read(key.fd, 4096))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1

    def keep(self, child: Child) -> None:
        """Start the child, and again whenever it ends."""
        self.children.append(child)
        self._launch(child)

    def keep_once_called(self, child: Child, door: socket.socket) -> None:
        """As `keep`, from when somebody first stands at the door; the child lets them in."""
        self._heed(door, partial(self._called, child))

    def _called(self, child: Child, key: selectors.SelectorKey) -> None:
        self._selector.unregister(key.fileobj)
        if not self.stopping:
            self.keep(child)

    def run_once(self, child: Child) -> int:
        """Run to its end and return the exit code; the others are looked after meanwhile."""
        self._launch(child)
        try:
            self.wait_for(lambda: not child.running)
        except Stopped:
            self._end(child)
            raise
        assert child.process is not None  # noqa: S101  launched above
        return child.process.returncode

    def wait_for(self, happened: Callable[[], bool], seconds: float | None = None) -> bool:
        """Whether it happened in time. Raises Stopped on a signal."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not happened():
            if self.signals:
                raise Stopped
            if deadline is not None and time.monotonic() > deadline:
                return False
            self._pump(0.1)
        return True

    def run(self) -> NoReturn:
        """Until a signal asks to stop: raises Stopped."""
        while not self.signals:
            self._pump(self._seconds_to_next_start())
        raise Stopped

    def stop(self) -> None:
        """End the children in the reverse of the order in which they were kept."""
        self.stopping = True
        for child in reversed(self.children):
            self._end(child)

    def _launch(self, child: Child) -> None:
        parent = os.getpid()
        child.process = subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
            pass_fds=self.inherited,
            start_new_session=True,  # Ctrl-C reaches us alone: we stop them in order
            preexec_fn=lambda: _end_with_parent(parent, child.orphaned),
        )
        output = child.process.stdout
        assert output is not None  # noqa: S101  it is a pipe
        self._heed(output, partial(self._hear, child))

    def _heed(self, source: int | IO[bytes] | socket.socket, heed: Heed) -> None:
        self._selector.register(source, selectors.EVENT_READ, heed)

    def _pump(self, timeout: float | None) -> None:
        for key, _ in self._selector.select(timeout):
            key.data(key)
        if not self.stopping:
            self._revive()

    def _hear(self, child: Child, key: selectors.SelectorKey) -> None:
        heard = os.read(key.fd, 65536)
        *lines, child.unfinished = (child.unfinished + heard).split(b"\n")
        if not heard:
            self._selector.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
            lines, child.unfinished = [child.unfinished], b""
        for line in filter(None, lines):
            self.say(child.name, line.decode(errors="replace"))

    def _hear_last_words(self, child: Child) -> None:
        """What it said before it died stands above that it died, and not in its successor's."""
        assert child.process is not None and child.process.stdout is not None  # noqa: S101, PT018
        output = child.process.stdout
        for _ in range(MOST_LAST_WORDS):  # who escaped from its group may speak on
            if output.closed or not select.select([output], [], [], 0)[0]:
                return
            self._hear(child, self._selector.get_key(output))

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and not child.running:
                self._note_death(child, now)
            if child.process is None and now >= child.start_at:
                self._launch(child)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101  the caller looked
        _kill_group(child.process.pid)  # what it started must not run beside its successor
        self._hear_last_words(child)
        how = _how_it_ended(child.process.returncode)
        delay = child.died(now)
        child.process, child.start_at = None, now + delay
        if len(child.deaths) >= MANY_DEATHS:
            self.say(
                "corbel",
                f"!!! {child.name} {how}: {len(child.deaths)} times within a minute. Its last "
                f"lines above say why. Trying again every {delay:.0f} s.",
            )
        else:
            self.say("corbel", f"{child.name} {how}; starting it again in {delay:.0f} s")

    def _seconds_to_next_start(self) -> float | None:
        due = [child.start_at for child in self.children if child.process is None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _end(self, child: Child) -> None:
        if child.process is None:
            return
        if child.running:
            child.process.terminate()
        deadline = time.monotonic() + child.patience
        # a second signal means: now
        while child.running and time.monotonic() < deadline and self.signals < 2:
            self._pump(0.05)
        if child.running:
            self.say("corbel", f"{child.name} didn't stop within {child.patience:g} s: killed")
        _kill_group(child.process.pid)
        child.process.wait()
        self._hear_last_words(child)


def _end_with_parent(parent: int, orphaned: signal.Signals) -> None:
    """In the child, before it runs: a killed supervisor must leave no orphans."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, orphaned)
    if os.getppid() != parent:
        os._exit(1)


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
