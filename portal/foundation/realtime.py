"""Telling open pages that something changed: Redis pub/sub to one hub a web process.

A message names topics only; what a page then fetches passes the usual permissions. Without
Redis the hub says so and pages poll instead.
"""

import json
import logging
import queue
import threading
from collections.abc import Iterable, Iterator
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
    topics: frozenset[str]
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

    def open(self, topics: Iterable[str]) -> Stream:
        """Raises NoRoom."""
        self._listen()
        connected = self._connected.wait(1.0)  # not in the lock: others would wait in line
        with self._lock:
            if not connected or len(self._streams) >= self.most:
                raise NoRoom
            stream = Stream(frozenset(topics))
            self._streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        with self._lock:
            self._streams.discard(stream)

    def events(self, stream: Stream) -> Iterator[str]:
        """Server-sent events until the browser or Redis goes away."""
        try:
            yield "retry: 3000\n\nevent: ready\ndata: 1\n\n"
            while True:
                try:
                    topic = stream.pending.get(timeout=HEARTBEAT_SECONDS)
                except queue.Empty:
                    yield ": still here\n\n"
                    continue
                if topic is None:
                    return
                yield f"event: changed\ndata: {topic}\n\n"
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
            for topic in stream.topics.intersection(topics):
                _offer(stream, topic)

    def _hang_up(self) -> None:
        with self._lock:
            streams, self._streams = list(self._streams), set()
        for stream in streams:
            _offer(stream, None)


def _offer(stream: Stream, topic: str | None) -> None:
    try:
        stream.pending.put_nowait(topic)
    except queue.Full:  # a page that does not read will fetch everything when it does
        log.debug("a stream is full")
