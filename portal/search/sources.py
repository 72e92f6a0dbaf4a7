"""What only one person finds: their own tickets and the like, which stand in no index.

Features that bring such a source register it where the application is wired.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class OwnHit:
    """`path` is within the site; `beside` says something of it ("Answered yesterday")."""

    title: str
    path: str
    beside: str = ""


Source = Callable[[Session, Actor, str, int], Sequence[OwnHit]]
"""(session, actor, words, limit) → what of theirs has these words, best first."""


@dataclass(frozen=True, slots=True)
class OwnGroup:
    label: str
    hits: Sequence[OwnHit]


_SOURCES: dict[str, tuple[Any, Source]] = {}


def register(name: str, label: Any, source: Source) -> None:
    """`label` is what stands above its hits ("Your tickets"), a lazy text."""
    _SOURCES[name] = (label, source)


def own(session: Session, actor: Actor | None, words: str, limit: int) -> list[OwnGroup]:
    """Nothing for who is not signed in."""
    if actor is None or actor.user_id is None or not words.strip():
        return []
    groups = [
        OwnGroup(str(label), source(session, actor, words, limit))
        for label, source in _SOURCES.values()
    ]
    return [group for group in groups if group.hits]
