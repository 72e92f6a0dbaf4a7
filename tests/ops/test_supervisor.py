import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.ops.supervisor import DELAY_AFTER_MANY, DELAYS, MANY_DEATHS, WITHIN, Child
from tests.fixtures import processes
from tests.fixtures.processes import GENEROUS

ROOT = Path(__file__).resolve().parents[2]
FOREVER = "import os, time; print('pid', os.getpid()); time.sleep(600)"


class Family:
    """Heard by a thread of its own, so that no wait for its words is one for ever."""

    def __init__(self, *members: dict[str, object]) -> None:
        self.process = processes.start(
            [sys.executable, "-m", "tests.ops.family", json.dumps(members)],
            orphaned=signal.SIGKILL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.lines: list[str] = []
        self._said: queue.Queue[str] = queue.Queue()
        self._ears = threading.Thread(target=self._listen, daemon=True)
        self._ears.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self._said.put(line.rstrip())

    def hear(self, words: str) -> str:
        """Listen on to the line that has the words."""
        deadline = time.monotonic() + GENEROUS
        while True:
            try:
                line = self._said.get(timeout=max(deadline - time.monotonic(), 0))
            except queue.Empty:
                raise AssertionError(f"{words!r} was never said: {self.lines}") from None
            self.lines.append(line)
            if words in line:
                return line

    def pid_of(self, name: str) -> int:
        return int(self.hear(f"{name}| pid").split()[-1])

    def rest(self) -> list[str]:
        """What it says until it ends."""
        self.process.wait(GENEROUS)
        self._ears.join(GENEROUS)
        return [self._said.get() for _ in range(self._said.qsize())]


@pytest.fixture
def start() -> Iterator[Callable[..., Family]]:
    started: list[Family] = []

    def one(*members: dict[str, object]) -> Family:
        started.append(Family(*members))
        return started[-1]

    yield one
    for family in started:
        family.process.kill()
        family.process.wait()


def has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_says_who_spoke(start):
    family = start({"name": "web", "code": "print('one'); print('two'); " + FOREVER})
    assert family.hear("one") == "web| one"
    assert family.hear("two") == "web| two"


def test_the_last_words_without_a_line_end_are_heard(start):
    family = start({"name": "web", "code": "print('adieu', end='')"})
    assert family.hear("adieu") == "web| adieu"


def test_last_words_stand_above_the_death_and_nothing_is_lost(start):
    wordy = "import sys; sys.stdout.write('\\n'.join(map(str, range(3000))) + '\\nadieu')"
    family = start({"name": "web", "code": wordy})
    family.hear("starting it again")
    heard = [line for line in family.lines if line.startswith("web|")]
    assert heard == [*(f"web| {number}" for number in range(3000)), "web| adieu"]


def test_starts_again_what_was_killed(start):
    family = start({"name": "web", "code": FOREVER})
    first = family.pid_of("web")
    os.kill(first, signal.SIGKILL)
    assert "was killed by SIGKILL" in family.hear("corbel|")
    assert family.pid_of("web") != first


def test_starts_with_its_first_caller_and_is_kept_from_then_on(start):
    family = start({"name": "host", "code": FOREVER, "called": True})
    port = int(family.hear("door").split()[-1])
    family.hear("complete")
    assert not any("pid" in line for line in family.lines)
    with socket.create_connection(("127.0.0.1", port)):
        first = family.pid_of("host")
    os.kill(first, signal.SIGKILL)
    assert family.pid_of("host") != first


def test_who_was_never_called_is_not_waited_for(start):
    family = start({"name": "host", "code": FOREVER, "called": True})
    family.hear("complete")
    family.process.terminate()
    assert family.rest()[-1] == "family| gone"
    assert not any("pid" in line for line in family.lines)


def test_the_children_of_a_dead_child_die_before_it_is_started_again(start):
    fork = (
        "import os, time\n"
        "child = os.fork()\n"
        "if child: print('pid', os.getpid(), child)\n"
        "time.sleep(600)"
    )
    family = start({"name": "web", "code": fork})
    parent, child = map(int, family.hear("web| pid").split()[-2:])
    os.kill(parent, signal.SIGKILL)
    family.hear("starting it again")
    processes.eventually(lambda: has_ended(child))


def test_is_loud_about_a_child_that_keeps_dying_and_keeps_trying(start):
    family = start({"name": "web", "code": "raise SystemExit('no luck')"})
    assert "ended with exit code 1: 5 times within a minute" in family.hear("!!!")
    assert family.lines.count("web| no luck") == MANY_DEATHS
    family.hear("web| no luck")


def test_stops_in_the_reverse_order(start):
    bye = (
        "import signal, sys, time\n"
        "def bye(*_): print('bye'); sys.exit()\n"
        "signal.signal(signal.SIGTERM, bye); print('here'); time.sleep(600)"
    )
    family = start({"name": "valkey", "code": bye}, {"name": "web", "code": bye})
    family.hear("| here")
    family.hear("| here")
    family.process.terminate()
    assert [line for line in family.rest() if "bye" in line or "gone" in line] == [
        "web| bye",
        "valkey| bye",
        "family| gone",
    ]
    assert family.process.returncode == 0


DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FOREVER


def test_kills_what_will_not_stop(start):
    family = start({"name": "web", "code": DEAF, "patience": 0.3})
    pid = family.pid_of("web")
    family.process.terminate()
    assert "corbel| web didn't stop within 0.3 s: killed" in family.rest()
    processes.eventually(lambda: has_ended(pid))


def test_a_second_signal_waits_for_nobody(start):
    family = start(
        {"name": "clock", "code": DEAF, "patience": 10 * GENEROUS},
        {"name": "web", "code": DEAF, "patience": 10 * GENEROUS},
    )
    family.hear("| pid")
    family.hear("| pid")
    family.process.terminate()
    family.process.send_signal(signal.SIGINT)
    assert "family| gone" in family.rest()


def test_a_killed_supervisor_leaves_no_orphans(start):
    family = start({"name": "valkey", "code": FOREVER}, {"name": "web", "code": FOREVER})
    pids = [int(family.hear("| pid").split()[-1]) for _ in range(2)]
    family.process.kill()
    processes.eventually(lambda: all(map(has_ended, pids)))


def test_the_wait_grows_with_each_death_in_a_row():
    child = Child("web", ["true"])
    waits = [child.died(now) for now in (0.0, 1.0, 3.0, 8.0, 18.0, 48.0)]
    assert waits == [*DELAYS, DELAY_AFTER_MANY, DELAY_AFTER_MANY]


def test_old_deaths_are_forgotten():
    child = Child("web", ["true"])
    for now in (0.0, 1.0, 2.0):
        child.died(now)
    assert child.died(2.0 + WITHIN) == DELAYS[0]
