"""What becomes of an idea among those who build, for its page: the room that knows of trackers lies
above, and registers itself where the application is wired."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest


@dataclass(frozen=True, slots=True)
class Tracking:
    """`state` is empty where it was never sent; `action` is what the reader may press, empty where
    they may not; `said` is what the tracker answered when it refused."""

    tracker: str
    state: Any = ""
    tone: str = ""
    key: str = ""
    url: str = ""
    stage: str = ""
    sent_at: datetime | None = None
    trouble: Any = ""
    said: str = ""
    action: Any = ""
    path: str = ""


Trackings = Callable[[Session, FeatureRequest, Actor], Sequence[Tracking]]
"""(session, idea, who of staff looks)."""

_TRACKINGS: list[Trackings] = []


def register(trackings: Trackings) -> None:
    if trackings not in _TRACKINGS:
        _TRACKINGS.append(trackings)


def of(session: Session, idea: FeatureRequest, looks: Actor) -> list[Tracking]:
    return [one for trackings in _TRACKINGS for one in trackings(session, idea, looks)]
