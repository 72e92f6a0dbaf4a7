"""Who takes part, as others see them: no addresses, and a company only where it shows its name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, Membership, User
from portal.community.models import CommunitySettings, Member
from portal.core.permissions import PORTAL, STAFF
from portal.foundation.tenancy import looking_past

_OF_STAFF = exists().where(
    Membership.user_id == Member.user_id, Membership.role.in_([role.value for role in STAFF])
)


@dataclass(frozen=True, slots=True)
class Known:
    user_id: UUID
    points: int
    since: datetime
    is_staff: bool


def known(session: Session, user_ids: Collection[UUID]) -> list[Known]:
    """Those who have taken part."""
    return [Known(*row) for row in session.execute(_KNOWN, {"keys": list(user_ids)})]


_KNOWN = select(Member.user_id, Member.points, Member.created_at, _OF_STAFF).where(
    Member.user_id.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Profile:
    """`builder_name` is empty where it is not shown; `is_staff`: of the platform."""

    user_id: UUID
    name: str
    since: datetime
    is_staff: bool
    builder_id: UUID | None
    builder_name: str = ""


def profile(session: Session, user_id: UUID) -> Profile | None:
    """None for who never took part, is gone, or belongs to nobody any more."""
    rows = session.execute(
        select(User.name, Member.created_at, Membership.role, Membership.builder_id)
        .join(Member, Member.user_id == User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.id == user_id,
            User.disabled_at.is_(None),
            Membership.role.not_in([role.value for role in PORTAL]),
        )
        .order_by(Membership.id)
    ).all()
    if not rows:
        return None
    if any(row.role in STAFF for row in rows):
        return Profile(user_id, rows[0].name, rows[0].created_at, True, None)
    builder_id = rows[0].builder_id
    name = shown_names(session, [builder_id]).get(builder_id, "")
    return Profile(user_id, rows[0].name, rows[0].created_at, False, builder_id, name)


def shown_names(session: Session, builder_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """Of the builders that let their name be seen, whoever looks."""
    wanted = {one for one in builder_ids if one is not None}
    if not wanted:
        return {}
    with looking_past(session) as connection:
        return dict(connection.execute(_NAMED, {"keys": list(wanted)}).all())


_NAMED = (
    select(Builder.id, Builder.name)
    .outerjoin(CommunitySettings, CommunitySettings.builder_id == Builder.id)
    .where(
        Builder.id.in_(bindparam("keys", expanding=True)),
        func.coalesce(CommunitySettings.shows_name, True),
    )
)


def portal_may_read(session: Session, builder_id: UUID) -> bool:
    """Whoever looks: at a portal nobody may be signed in."""
    chosen = select(CommunitySettings.portal_reads).where(
        CommunitySettings.builder_id == builder_id
    )
    with looking_past(session) as connection:
        found = connection.scalar(chosen)
    return True if found is None else bool(found)


def names(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Whatever is left of those who are gone."""
    if not user_ids:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all())


def company(session: Session, builder_id: UUID | None) -> str:
    """For those who look after the community, who know it even where it is not shown."""
    if builder_id is None:
        return ""
    return session.scalar(select(Builder.name).where(Builder.id == builder_id)) or ""
