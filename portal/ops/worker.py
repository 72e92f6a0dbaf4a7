"""`corbel worker`: answers the doorbell; and sends pages by itself, Redis or not.

Jobs run in this process: they are short and safe to repeat, and what a killed worker leaves
undone is taken up by the next sweep from the database, not by RQ's slow recovery.
"""

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from flask import Flask
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer

from portal.foundation import jobs, queue
from portal.foundation.runtime import runtime_of
from portal.ops import clock

log = logging.getLogger(__name__)

QUEUES = (clock.QUEUE, *queue.QUEUES)
PAGES_EVERY = 2.0  # seconds
MAINTENANCE_EVERY = 20  # seconds; RQ's own 600 would keep dead jobs for long
PATIENCE = 2.0  # seconds before Redis is tried again


class Worker(SimpleWorker):
    """Each job in an application context of its own."""

    app: Flask
    stopping: threading.Event

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping.set()  # first, for with Redis away the rest of it fails
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def perform_job(self, job: Job, queue: Queue) -> bool:
        with self.app.app_context():
            return bool(super().perform_job(job, queue))


def run(app: Flask, queues: Sequence[str] = QUEUES) -> None:
    """Until SIGTERM or SIGINT; a job in hand is finished first."""
    threading.Thread(target=send_pages, args=(app,), name="pages", daemon=True).start()
    url = runtime_of(app).settings.redis_url
    stopping = threading.Event()
    with suppress(StopRequested):  # raised by the signal's handler while we wait for Redis
        while not stopping.is_set():
            work(app, queues, url, stopping)
            stopping.wait(PATIENCE)


def work(app: Flask, queues: Sequence[str], url: str, stopping: threading.Event) -> None:
    """As long as Redis is there and no signal has asked to stop."""
    try:
        worker = Worker(
            list(queues),
            connection=queue.connect(url),
            serializer=JSONSerializer,
            maintenance_interval=MAINTENANCE_EVERY,
            log_job_description=False,
        )
        worker.app, worker.stopping = app, stopping
        worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("redis is away, waiting for it: %s", error)


def send_pages(app: Flask) -> None:
    """A page must leave even when Redis is gone and a long job holds the worker."""
    while True:
        try:
            with app.app_context():
                jobs.send_pages()
        except Exception:  # the next round tries again
            log.exception("sending pages failed")
        time.sleep(PAGES_EVERY)
