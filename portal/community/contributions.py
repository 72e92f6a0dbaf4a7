"""What somebody wrote, for their profile; and what a point was for.

Features that let people write register both where the application is wired.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Contribution:
    """`path` is within the site; `beside` says something of it ("3 votes")."""

    title: str
    path: str
    at: datetime
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are, and the latest of them."""

    number: int
    latest: Sequence[Contribution]


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    found: Found


Work = Callable[[Session, UUID, Actor | None, int], Found]
"""(session, whose, who looks, how many) → what that reader may see of it, the latest first."""
Names = Callable[[Session, Actor, Collection[UUID]], Mapping[UUID, Contribution]]
"""(session, who looks, ids) → what that reader may see of them."""

_WORK: dict[str, tuple[Any, Work]] = {}
_NAMES: dict[str, Names] = {}


def register(name: str, label: Any, work: Work) -> None:
    """`label` is what stands above it ("Questions and discussions"), a lazy text."""
    _WORK[name] = (label, work)


def register_names(source_kind: str, names: Names) -> None:
    """For the sources of points that are of this kind."""
    _NAMES[source_kind] = names


def of(session: Session, whose: UUID, looks: Actor | None, limit: int) -> list[Group]:
    groups = [
        Group(str(label), work(session, whose, looks, limit)) for label, work in _WORK.values()
    ]
    return [group for group in groups if group.found.number]


def named(
    session: Session, looks: Actor, sources: Collection[tuple[str, UUID]]
) -> dict[UUID, Contribution]:
    """One question a kind; what is gone or hidden has no name."""
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, key in sources:
        by_kind[kind].add(key)
    found: dict[UUID, Contribution] = {}
    for kind, keys in by_kind.items():
        if kind in _NAMES:
            found.update(_NAMES[kind](session, looks, keys))
    return found
