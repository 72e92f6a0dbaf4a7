"""Programs that post tickets as a careful one does: the same key until there is an answer."""

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.fixtures.processes import GENEROUS
from tests.fixtures.programs import TICKETS, ticket

BUSY = {429, 502, 503}


@dataclass(frozen=True, slots=True)
class Posted:
    status: int
    body: Any
    retry_after: str


def post(url: str, token: str, key: str, **fields: Any) -> Posted:
    """One try. Raises requests' own errors."""
    with requests.post(
        url + TICKETS,
        json=ticket(**fields),
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        timeout=GENEROUS,
    ) as answer:
        return Posted(answer.status_code, answer.json(), answer.headers.get("Retry-After", ""))


@dataclass
class Customer:
    """Posts one ticket after the other until told to stop; several tokens share its limits."""

    url: str
    name: str
    tokens: list[str]
    acknowledged: dict[str, int] = field(default_factory=dict)  # number by subject
    refused: list[Posted] = field(default_factory=list)
    tries: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._post_on, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """What is on its way is still brought to its end."""
        self._stop.set()
        assert self._thread is not None
        self._thread.join(GENEROUS)
        assert not self._thread.is_alive()

    def _post_on(self) -> None:
        for number in itertools.count():
            if self._stop.is_set():
                return
            self._until_answered(f"{self.name} {number}", self.tokens[number % len(self.tokens)])
            time.sleep(0.02)

    def _until_answered(self, subject: str, token: str) -> None:
        while True:
            self.tries += 1
            try:
                posted = post(self.url, token, subject.replace(" ", "-"), subject=subject)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if posted.status == 201:
                self.acknowledged[subject] = posted.body["number"]
                return
            if posted.status not in BUSY:
                self.refused.append(posted)
                return
            time.sleep(0.5)
