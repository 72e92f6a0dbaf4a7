import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from portal.config import Settings
from portal.ops import single, web


@pytest.fixture
def settings(tmp_path):
    def make(**environ):
        given = {f"CORBEL_{name}": value for name, value in environ.items()}
        return Settings.from_env({"CORBEL_DATA": str(tmp_path)} | given)

    return make


def test_gunicorn_knows_every_option_and_takes_its_value(settings):
    options = web.options(settings(WEB_THREADS="40"), "127.0.0.1:8000")
    server = web.Server(options)
    assert server.cfg.threads == 40
    assert server.cfg.worker_class_str == "gthread"
    assert server.cfg.worker_connections > server.cfg.threads


def test_forwarded_headers_count_only_behind_a_proxy(settings):
    alone = web.options(settings(), "x")
    behind = web.options(settings(PROXIES="1"), "x")
    assert (alone["forwarded_allow_ips"], behind["forwarded_allow_ips"]) == ("127.0.0.1", "*")


def test_an_inherited_socket_is_served(monkeypatch):
    monkeypatch.setenv("CORBEL_LISTEN_FD", "7")
    assert web._inherited_bind() == "fd://7"
    monkeypatch.delenv("CORBEL_LISTEN_FD")
    assert web._inherited_bind() == web.DEFAULT_BIND


def test_several_processes_count_in_files_that_start_empty(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # puts it back afterwards
    served = []
    monkeypatch.setattr(web.Server, "run", lambda self: served.append(self.cfg.workers))
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").touch()
    web.run(settings(WEB_WORKERS="2"), "127.0.0.1:0")
    assert served == [2]
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    assert folder == tmp_path / "metrics"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "bind", "alone"),
    [({}, None, True), ({"WEB_WORKERS": "2"}, None, False), ({}, "127.0.0.1:0", False)],
)
def test_one_process_of_a_supervisor_has_no_master(settings, monkeypatch, environ, bind, alone):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv(web.DOOR, "7")
    served = []
    monkeypatch.setattr(single, "serve", lambda server: served.append("alone") or sys.exit(0))
    monkeypatch.setattr(web.Server, "run", lambda self: served.append("under a master"))
    with suppress(SystemExit):
        web.run(settings(**environ), bind)
    assert served == ["alone" if alone else "under a master"]
