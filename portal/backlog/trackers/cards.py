"""What trackers are given and what they answer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Card:
    """An idea as a tracker shows it. `parts` are headings and Markdown; a heading may be empty.
    `known` is the tracker's own key of it, empty while it has none that we know of."""

    marker: UUID
    title: str
    parts: tuple[tuple[str, str], ...]
    link: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """`stage` is its status in the tracker's words, empty where that could not be read."""

    external_id: str
    key: str
    url: str
    stage: str = ""


@dataclass(frozen=True, slots=True)
class RetryLater:
    """`reason`: timeout, connection, tls, too_many or server_error. `detail` is as it was said."""

    reason: str
    after: timedelta | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Repeating is useless until somebody acts. `reason`: token, forbidden, project, gone, input,
    address or answer."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Who we are there, and what the project is called."""

    account: str
    project: str


Outcome = Brought | RetryLater | Refused


class Tracker(Protocol):
    def bring(self, card: Card) -> Outcome:
        """Makes the issue, or writes the card over the one that is there already."""
        ...

    def check(self) -> Checked | RetryLater | Refused:
        """Changes nothing there."""
        ...
