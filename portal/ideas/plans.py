"""Where else an idea has a place, for its page: the roadmap lies above, and registers what it knows
where the application is wired."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is within the site; `beside` says more of it ("Planned, Q4 2026")."""

    title: str
    path: str
    beside: str = ""
    is_internal: bool = False


Plans = Callable[[Session, UUID, Actor | None, str], Sequence[Place]]
"""(session, idea, who looks, language) → what that reader may know of."""

_PLANS: list[Plans] = []


def register(plans: Plans) -> None:
    if plans not in _PLANS:
        _PLANS.append(plans)


def of(session: Session, idea: UUID, looks: Actor | None, language: str) -> list[Place]:
    return [place for plans in _PLANS for place in plans(session, idea, looks, language)]
