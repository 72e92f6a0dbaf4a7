"""The whole system as a person starts it, and what happens when parts of it die."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.foundation.clock import utcnow
from portal.foundation.db import make_engine, session_factory
from portal.ops import up
from portal.ops.models import CLOCK, WORKER, Heartbeat
from tests.fixtures.live import Live, children_of, live_with
from tests.fixtures.processes import GENEROUS, ROOT, environment, eventually

pytestmark = pytest.mark.once

MOST_MEMORY = 300 * 1024  # kB, all processes together
NOWHERE = "unix:///nowhere/valkey.sock"


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=GENEROUS) as answer:
        return int(answer.status)


def start(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "-m", "portal", "up", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(settings),
        timeout=GENEROUS,
    )


def heartbeat(system, name):
    url = system.settings.get("DATABASE_URL", f"sqlite:///{system.data / 'corbel.db'}")
    engine = make_engine(url)
    with session_factory(engine)() as session:
        at = session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    engine.dispose()
    return at


def beats_after(system, name, at):
    return eventually(lambda: (heartbeat(system, name) or at) > at)


def family(pid):
    """The process and everything below it."""
    return [pid, *(one for child in children_of(pid) for one in family(child))]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def system(prepare):
    """One for the tests after which it runs as before."""
    yield from live_with(prepare)


def test_serves_and_ticks(system):
    assert get(f"{system.url}/healthz") == 200
    assert get(f"{system.url}/readyz") == 200
    assert system.data.joinpath("valkey").is_dir()
    beats_after(system, WORKER, utcnow())


def test_nobody_but_the_supervisor_watches_over_a_single_web_process(system):
    assert children_of(system.process.pid).count(system.pid("web")) == 1
    assert children_of(system.pid("web")) == []


def test_the_banner_says_where_what_and_how_to_stop(system):
    eventually(lambda: any("Ctrl-C" in line for line in system.lines))
    said = "\n".join(system.lines)
    assert f"corbel | Corbel serves on {system.url}\n" in said
    assert str(system.data) in said


def test_all_processes_together_stay_small(system):
    beats_after(system, WORKER, utcnow())
    for _ in range(20):
        get(f"{system.url}/sign-in")
    sizes = {pid: memory_of(pid) for pid in family(system.process.pid)}
    assert sum(sizes.values()) <= MOST_MEMORY, sizes


def memory_of(pid):
    """kB that would be free without it: what it shares is divided among those who share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1])


def test_a_second_one_on_the_same_data_is_refused(system):
    done = start("--data", system.data, "--bind", "127.0.0.1:0")
    assert done.returncode == 1
    assert f"in use by another `corbel up` (process {system.process.pid})" in done.stderr
    assert get(f"{system.url}/healthz") == 200


def test_a_port_in_use_is_refused_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        done = start("--data", tmp_path / "data", "--bind", bind)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: can't serve on {bind}: Address already in use")
    assert not list((tmp_path / "data").glob("*.db"))


def test_a_data_directory_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "data").write_text("a file")
    done = start("--data", tmp_path / "data", "--bind", "127.0.0.1:0")
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_support_model_stops_the_start(tmp_path):
    done = start("--data", tmp_path / "data", "--bind", "127.0.0.1:0", PACK="no-such-model")
    assert done.returncode == 1
    assert "no-such-model" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["valkey", "worker", "clock", "web"])
def test_what_is_killed_comes_back_and_the_door_stays_open(system, name):
    first = system.pid(name)
    everyone = family(first)
    os.kill(first, signal.SIGKILL)
    # or one of them would still take the next caller with it
    eventually(lambda: not any(map(alive, everyone)))
    assert get(f"{system.url}/healthz") == 200  # waits in line while web restarts
    eventually(lambda: runs_anew(system, name, first))
    beats_after(system, WORKER, utcnow())
    beats_after(system, CLOCK, utcnow())


def runs_anew(system, name, first):
    try:
        return system.pid(name) != first
    except LookupError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_everything_and_kills_nobody(start_live, number):
    system = start_live()
    everyone = family(system.process.pid)
    system.process.send_signal(number)
    assert system.process.wait(GENEROUS) == 0
    assert not any(map(alive, everyone))
    assert not [line for line in system.lines if "didn't stop" in line]


def test_a_killed_supervisor_leaves_nothing_and_can_be_started_again_at_once(start_live):
    system = start_live()
    everyone = family(system.process.pid)
    system.kill()
    system.start()
    assert get(f"{system.url}/healthz") == 200
    assert not any(map(alive, everyone))


def test_a_data_directory_with_a_long_name_has_its_socket_elsewhere(prepare, tmp_path):
    data = tmp_path / ("long" * 25)
    system = Live(data, **prepare(data)).start()
    with urllib.request.urlopen(f"{system.url}/readyz") as answer:
        checks = json.load(answer)["checks"]
    system.stop()
    assert checks["redis"] == "ok"
    assert not (system.data / "valkey.sock").exists()


def test_without_redis_the_clock_does_the_work(start_live):
    system = start_live(REDIS_URL=NOWHERE)
    beats_after(system, CLOCK, utcnow())
    assert heartbeat(system, WORKER) is None
    assert get(f"{system.url}/readyz") == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0:80", "http://127.0.0.1:80"),
        (":8000", "http://127.0.0.1:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("corbel.test:8000", "http://corbel.test:8000"),
    ],
)
def test_addresses(text, expected):
    assert up.Address.parse(text).url == expected


@pytest.mark.parametrize("text", ["8000", "localhost", "localhost:http", "host:99999", ""])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(up.UpError, match="HOST:PORT, for example"):
        up.Address.parse(text)
