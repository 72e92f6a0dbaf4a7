"""`corbel web`: gunicorn with threads, because every open page holds a stream."""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from portal.config import Settings

DEFAULT_BIND = "127.0.0.1:8000"
DOOR = "CORBEL_LISTEN_FD"  # of a supervisor, which starts us again when we end
STOP_SECONDS = 4  # open requests get this long; streams are cut


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # named in text: the application lies above this layer
        return import_app("wsgi:app")


def run(settings: Settings, bind: str | None) -> None:
    if settings.web_workers > 1:
        _count_together(settings.data / "metrics")
    server = Server(options(settings, bind or _inherited_bind()))
    if settings.web_workers == 1 and not bind and DOOR in os.environ:
        from portal.ops.single import serve  # no part of a master

        serve(server)
    server.run()


def options(settings: Settings, bind: str) -> dict[str, Any]:
    return {
        "bind": bind,
        "workers": settings.web_workers,
        "worker_class": "gthread",
        "threads": settings.web_threads,
        # gthread counts kept-alive connections too: with fewer, streams would shut others out
        "worker_connections": settings.web_threads * 10,
        "keepalive": 15,
        "graceful_timeout": STOP_SECONDS,
        "timeout": 60,
        "limit_request_line": 8190,
        "limit_request_fields": 60,
        "limit_request_field_size": 8190,
        "forwarded_allow_ips": "*" if settings.proxies else "127.0.0.1",
        "loglevel": settings.log_level,
        "proc_name": "corbel",
        "control_socket_disable": True,
        "post_worker_init": _keep_what_is_loaded,
        "child_exit": _forget_worker,
    }


def _keep_what_is_loaded(_worker: Any) -> None:
    """The application stays as long as the process: to look through it for garbage again and
    again would now and then cost a page a tenth of a second."""
    gc.collect()
    gc.freeze()


def _inherited_bind() -> str:
    descriptor = os.environ.get(DOOR)
    return f"fd://{descriptor}" if descriptor else DEFAULT_BIND


def _count_together(folder: Path) -> None:
    """Several processes add up their metrics in files, emptied at each start."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _forget_worker(_server: Any, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
