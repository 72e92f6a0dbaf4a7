"""Where a person can go on to from the platform's door: companies, and the platform's own staff.

What they are at portals has doors of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import Membership
from portal.accounts.oidc import queries as sign_on
from portal.accounts.oidc.models import Connection
from portal.core.permissions import PORTAL, Actor
from portal.foundation.tenancy import PLATFORM, seeing

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """`connection`: the only way in, where the company insists on its provider."""

    membership: Membership
    connection: Connection | None


def places_of(session: Session, user_id: UUID) -> list[Place]:
    """Where they went last comes first."""
    with seeing(session, PLATFORM):  # whoever is on the way in is nobody yet
        return [Place(one, sign_on.demanded(session, one)) for one in _latest(session, user_id)]


def _latest(session: Session, user_id: UUID) -> Sequence[Membership]:
    inside = [one for one in queries.memberships_of(session, user_id) if one.role not in PORTAL]
    return sorted(inside, key=lambda one: one.entered_at or NEVER, reverse=True)


def elsewhere(session: Session, actor: Actor, login_id: UUID) -> list[Place]:
    """Where somebody who is in can go instead. On a provider's word they are what it says they are,
    and nothing else."""
    if actor.user_id is None or sign_on.vouched_for(session, login_id):
        return []
    found = places_of(session, actor.user_id)
    return [place for place in found if place.membership.builder_id != actor.builder_id]
