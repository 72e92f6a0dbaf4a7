"""The web server without a master: how it ends, and that it does."""

import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.fixtures import processes

SERVER = """
import os, signal, sys, threading, time
from portal.config import Settings
from portal.ops import single, web

class Small(web.Server):
    def load(self):
        if len(sys.argv) > 2:
            raise ValueError(sys.argv[2])
        signal.signal(signal.SIGALRM, lambda *_: time.sleep(600))
        return answer

def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/stream":
        return stream()
    if environ["PATH_INFO"] == "/hang":
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
    return [b"here"]

def stream():
    while True:
        yield b"still here"
        time.sleep(0.05)

options = web.options(Settings.from_env({}), f"fd://{sys.argv[1]}")
own = {"timeout": int(os.environ["PATIENCE"]), "graceful_timeout": 1, "loglevel": "error"}
single.serve(Small(options | own))
"""


@pytest.fixture
def serve():
    """The process and its address; a second word keeps the application from loading."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        started = []

        def begin(*words, patience=60):
            started.append(
                processes.start(
                    [sys.executable, "-c", SERVER, str(door.fileno()), *words],
                    pass_fds=[door.fileno()],
                    cwd=processes.ROOT,
                    env=processes.environment({}) | {"PATIENCE": str(patience)},
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            return started[0], f"http://127.0.0.1:{door.getsockname()[1]}"

        yield begin
        for process in started:
            processes.stop(process, signal.SIGKILL)
            process.stderr.close()


def get(url):
    with urllib.request.urlopen(url, timeout=processes.GENEROUS) as answer:
        return answer.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_it_and_cuts_streams(serve, number):
    process, url = serve()
    assert get(url) == b"here"
    with urllib.request.urlopen(f"{url}/stream", timeout=processes.GENEROUS) as stream:
        assert stream.read(10) == b"still here"
        process.send_signal(number)
        assert process.wait(processes.GENEROUS) == 0


def test_one_that_hangs_says_where_and_ends(serve):
    process, url = serve(patience=2)
    get(f"{url}/hang")
    assert process.wait(processes.GENEROUS) == 1
    said = process.stderr.read()
    assert "Timeout" in said
    assert "sleep(600)" in said or "<lambda>" in said


def test_an_application_that_can_not_start_says_why(serve):
    process, _url = serve("no good")
    assert process.wait(processes.GENEROUS) == 1
    assert "ValueError: no good" in process.stderr.read()
