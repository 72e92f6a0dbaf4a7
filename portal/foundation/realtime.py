"""Telling open pages that something changed: Redis pub/sub to one hub a web process.

A message names topics only; what a page then fetches passes the usual permissions. Without
Redis the hub says so and pages poll instead.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from redis import Redis
from redis.exceptions import RedisError

from portal.foundation.queue import Doorbell

log = logging.getLogger(__name__)

CHANNEL = "corbel:live"
HEARTBEAT_SECONDS = 15.0
RETRY_SECONDS = 2.0
BACKLOG = 100


class NoRoom(RuntimeError):
    """As many streams are open as may be, or Redis is away: poll instead."""


def publish(doorbell: Doorbell, topics: Iterable[str]) -> None:
    """Without Redis nobody is told: pages poll."""
    message = json.dumps(sorted(set(topics)))
    doorbell.attempt(lambda redis: redis.publish(CHANNEL, message))


@dataclass(eq=False, slots=True)
class Stream:
    """`ends_with` is the topic that ends it: what it rested on is no more."""

    topics: frozenset[str]
    ends_with: str = ""
    pending: "queue.Queue[str | None]" = field(default_factory=lambda: queue.Queue(BACKLOG))


class Hub:
    """One listening thread for all open streams of this process."""

    def __init__(self, redis: Redis, most: int) -> None:
        self.redis = redis
        self.most = most
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._connected = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, topics: Iterable[str], ends_with: str = "") -> Stream:
        """Raises NoRoom."""
        self._listen()
        connected = self._connected.wait(1.0)  # not in the lock: others would wait in line
        with self._lock:
            if not connected or len(self._streams) >= self.most:
                raise NoRoom
            stream = Stream(frozenset(topics), ends_with)
            self._streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        with self._lock:
            self._streams.discard(stream)

    def events(self, stream: Stream, welcome: Callable[[], bool] = lambda: True) -> Iterator[str]:
        """Server-sent events until the browser or Redis goes away, or the reader is not `welcome`
        any more, which is asked with each heartbeat: what Redis said of it may be lost."""
        asked = time.monotonic()
        try:
            yield "retry: 3000\n\nevent: ready\ndata: 1\n\n"
            while True:
                said = _next(stream)
                if said is None:
                    return
                if time.monotonic() - asked >= HEARTBEAT_SECONDS:
                    asked = time.monotonic()
                    if not welcome():
                        return
                yield said
        finally:
            self.close(stream)

    def _listen(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                self._relay()
            except (RedisError, OSError) as error:
                log.warning("live updates stopped: %s", error)
            self._connected.clear()
            self._hang_up()
            threading.Event().wait(RETRY_SECONDS)

    def _relay(self) -> None:
        with self.redis.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]
            channel.subscribe(CHANNEL)
            self._connected.set()
            while True:
                message = channel.get_message(timeout=HEARTBEAT_SECONDS)
                if message is not None:
                    self._hand_out(json.loads(message["data"]))

    def _hand_out(self, topics: list[str]) -> None:
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            if stream.ends_with in topics:
                self.close(stream)
                _end(stream)
            for topic in stream.topics.intersection(topics):
                _offer(stream, topic)

    def _hang_up(self) -> None:
        with self._lock:
            streams, self._streams = list(self._streams), set()
        for stream in streams:
            _end(stream)


def _next(stream: Stream) -> str | None:
    """What to send; None: nothing ever again."""
    try:
        topic = stream.pending.get(timeout=HEARTBEAT_SECONDS)
    except queue.Empty:
        return ": still here\n\n"
    return None if topic is None else f"event: changed\ndata: {topic}\n\n"


def _end(stream: Stream) -> None:
    """Even one that does not read: what it has not read is not for it any more."""
    while True:
        try:
            return stream.pending.put_nowait(None)
        except queue.Full:
            with suppress(queue.Empty):
                stream.pending.get_nowait()


def _offer(stream: Stream, topic: str) -> None:
    try:
        stream.pending.put_nowait(topic)
    except queue.Full:  # a page that does not read will fetch everything when it does
        log.debug("a stream is full")
