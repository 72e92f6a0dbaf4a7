"""Which articles of a module come first for whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log1p
from uuid import UUID

from portal.core.audience import Gate
from portal.core.versions import holds_for


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic in all its languages; `worth` is by language."""

    topic_id: UUID
    gates: Collection[Gate]
    roles: Collection[str]
    version: str
    position: int
    worth: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom; what is empty does not matter."""

    keys: frozenset[Gate]
    language: str
    role: str = ""
    version: str = ""


def worth(views: int, helped: int, not_helped: int) -> float:
    """How much it was read, times the share of those whom it helped, which begins at one half."""
    return log1p(views) * (helped + 2) / (helped + not_helped + 4)


def ranked(candidates: Iterable[Candidate], wanted: Wanted, most: int) -> tuple[UUID, ...]:
    """First what is in the reader's language, holds for their version and was written for their
    role; then what others read and found helpful; then as editors put it."""
    open_to = (one for one in candidates if not wanted.keys.isdisjoint(one.gates))
    order = sorted((_order(one, wanted), one.topic_id) for one in open_to)
    return tuple(topic_id for _order, topic_id in order[:most])


def _order(one: Candidate, wanted: Wanted) -> tuple[bool, bool, int, float, int]:
    return (
        wanted.language not in one.worth,
        not holds_for(one.version, wanted.version),
        -_role_fit(one, wanted.role),
        -one.worth.get(wanted.language, max(one.worth.values())),
        one.position,
    )


def _role_fit(one: Candidate, role: str) -> int:
    """What is for nobody in particular stands between."""
    if not role or not one.roles:
        return 1
    return 2 if role in one.roles else 0
