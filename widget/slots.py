"""Places in a panel that features below fill: what is new (`tickets/trouble` has what is broken).

A slot that nobody fills, or that has nothing to say, is not there at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.guidance.queries import Context


class Slot(StrEnum):
    NEWS = "news"  # what has changed since somebody was here last


@dataclass(frozen=True, slots=True)
class Screen:
    """Who looks, and at what."""

    actor: Actor
    found: Context
    language: str


Filler = Callable[[Session, Screen], Markup | None]
_FILLERS: Final[dict[Slot, list[Filler]]] = {slot: [] for slot in Slot}


def fill(slot: Slot, filler: Filler) -> None:
    """At wiring; a second time changes nothing."""
    if filler not in _FILLERS[slot]:
        _FILLERS[slot].append(filler)


def empty(slot: Slot, filler: Filler) -> None:
    """Takes back what `fill` did."""
    _FILLERS[slot].remove(filler)


def filled(session: Session, screen: Screen) -> dict[str, list[Markup]]:
    return {slot.value: list(_said(session, slot, screen)) for slot in Slot}


def _said(session: Session, slot: Slot, screen: Screen) -> Iterator[Markup]:
    for filler in _FILLERS[slot]:
        if said := filler(session, screen):
            yield said
