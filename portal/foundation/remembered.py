"""What a process keeps for a while of what others told it."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST: Final = 500


class Remembered(Generic[K, V]):
    """By key, until `kept` is over; the oldest gives way when there is no room."""

    def __init__(self, kept: timedelta, most: int = MOST) -> None:
        self._kept, self._most = kept, most
        self._values: dict[K, tuple[datetime, V]] = {}
        self._lock = Lock()

    def get(self, key: K, ask: Callable[[], V], *, at: datetime) -> V:
        """Asked outside the lock: two may ask at once, and nobody waits for a stranger's server."""
        known = self._values.get(key)
        if known is not None and timedelta(0) <= at - known[0] < self._kept:
            return known[1]
        value = ask()
        with self._lock:
            self._values.pop(key, None)
            while len(self._values) >= self._most:
                del self._values[next(iter(self._values))]
            self._values[key] = (at, value)
        return value

    def forget(self, key: K) -> None:
        with self._lock:
            self._values.pop(key, None)
