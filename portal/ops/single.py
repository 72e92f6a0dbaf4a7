"""The web server as one process, for where a supervisor starts it again: gunicorn's worker without
gunicorn's master, whose 27 MB would watch over it a second time."""

import faulthandler
import os
import sys
import time
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.sock import create_sockets
from gunicorn.workers.gthread import ThreadWorker

SIGN_OF_LIFE = 1.0  # seconds


class Single(ThreadWorker):  # type: ignore[misc]
    """One that hangs says where each thread stands and ends: no master would end it."""

    alive_at = float("-inf")  # of the monotonic clock

    def notify(self) -> None:
        """Called with every request, and once a second without."""
        now = time.monotonic()
        if now >= self.alive_at + SIGN_OF_LIFE:
            self.alive_at = now
            faulthandler.dump_traceback_later(self.timeout, exit=True)


def serve(server: BaseApplication) -> NoReturn:
    """Until a signal. Raises what keeps the application from starting."""
    settings = server.cfg
    log = settings.logger_class(settings)
    door = create_sockets(settings, log)
    worker = Single(1, os.getppid(), door, server, settings.timeout, settings, log)
    worker.pid = os.getpid()
    code = _run(worker)
    if worker.nr_conns:
        os._exit(code)  # streams are cut: Python would wait for their threads
    sys.exit(code)


def _run(worker: Any) -> int:
    """Returns the exit code."""
    try:
        worker.init_process()
    except SystemExit as asked:
        return int(asked.code or 0)
    except Exception:
        if not worker.booted:
            raise
        worker.log.exception("the web server failed")
        return 1
    return 0
