"""Where somebody stands: their level, and what it lets them do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.community.queries import people, points
from portal.community.service.restrictions import in_force
from portal.core.permissions import Actor, Permission
from portal.core.reputation import LEVELS, STAFF, Level, Limits, Right, level_of, may


@dataclass(frozen=True, slots=True)
class Standing:
    """`since` is None for who never took part, `people` how many others gave points."""

    level: Level
    points: int = 0
    people: int = 0
    since: datetime | None = None

    def may(self, right: Right) -> bool:
        return may(self.level, right)

    @property
    def limits(self) -> Limits:
        return self.level.limits


NEWCOMER = Standing(LEVELS[0])
OF_STAFF = Standing(STAFF)


class NotYet(PermissionError):
    """The actor's level does not have the right."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"the level does not let anybody {right}")
        self.right = right


def standings(
    session: Session, user_ids: Collection[UUID], *, at: datetime
) -> Mapping[UUID, Standing]:
    """Of many at once; who is not in it is a newcomer. Two questions."""
    if not user_ids:
        return {}
    known = people.known(session, user_ids)
    givers = points.people(session, [one.user_id for one in known])
    found = {}
    for one in known:
        others = givers.get(one.user_id, 0)
        level = STAFF if one.is_staff else level_of(one.points, (at - one.since).days, others)
        found[one.user_id] = Standing(level, one.points, others, one.since)
    return found


def standing(session: Session, actor: Actor, *, at: datetime) -> Standing:
    """Whoever is of the platform's staff, or can't take part, needs no question."""
    if actor.is_staff:
        return OF_STAFF
    if actor.user_id is None or not actor.may(Permission.TAKE_PART):
        return NEWCOMER
    return standings(session, [actor.user_id], at=at).get(actor.user_id, NEWCOMER)


GRANTED: Final[Mapping[Right, Permission]] = {
    Right.EDIT_TITLES: Permission.EDIT_TITLES,
    Right.MODERATE: Permission.MODERATE,
}
_LEAST: Final = min(
    level.points for level in LEVELS if any(right in level.rights for right in GRANTED)
)


def with_earned(session: Session, actor: Actor, *, at: datetime) -> Actor:
    """The actor with what their level lets them do, unless they are restricted. One question for
    almost everybody."""
    if actor.is_staff or actor.user_id is None or not actor.may(Permission.TAKE_PART):
        return actor
    own = people.known(session, [actor.user_id])
    if not own or own[0].points < _LEAST:
        return actor
    if in_force(session, actor, at=at) is not None:
        return actor
    here = standing(session, actor, at=at)
    earned = {granted for right, granted in GRANTED.items() if here.may(right)}
    return replace(actor, earned=frozenset(earned))


def require(session: Session, actor: Actor, right: Right, *, at: datetime) -> None:
    """Raises NotYet."""
    if not standing(session, actor, at=at).may(right):
        raise NotYet(right)
