"""Open pages that hear what changed, until they are told that they are signed out."""

from contextlib import closing
from threading import Thread

import requests

from tests.fixtures.processes import GENEROUS, eventually

DATA = "data: "


class Listener(Thread):
    """`heard` are the topics, the stream's first word aside."""

    def __init__(self, browser: requests.Session, address: str) -> None:
        super().__init__(daemon=True)
        self._response = browser.get(address, stream=True, timeout=GENEROUS)
        assert self._response.status_code == 200, address
        self._said: list[str] = []
        self.start()
        eventually(lambda: self._said)

    @property
    def heard(self) -> set[str]:
        return set(self._said[1:])

    def run(self) -> None:
        with closing(self._response):
            for line in self._response.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith(DATA):
                    self._said.append(line.removeprefix(DATA))

    def wait(self) -> set[str]:
        """All that was heard before the stream ended."""
        self.join(GENEROUS)
        assert not self.is_alive(), self._said
        return self.heard
