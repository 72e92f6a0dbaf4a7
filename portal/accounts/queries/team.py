"""Who belongs to a company or to the platform's staff (no builder), and who is asked to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Invitation, Login, Membership, SecondFactor, User
from portal.core.permissions import Role
from portal.foundation.paging import Cursor, Page

PAGE_ROWS = 25
MOST_INVITATIONS = 200  # that are shown


def member_with(session: Session, email: str, builder_id: UUID | None) -> Membership | None:
    """What the person with the address is to the builder, or to the platform (None)."""
    return session.scalar(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(User.email == email, Membership.builder_id == builder_id)
    )


def member(session: Session, builder_id: UUID | None, key: UUID) -> Membership | None:
    """With the person."""
    return session.scalar(
        select(Membership)
        .where(Membership.id == key, Membership.builder_id == builder_id)
        .options(joinedload(Membership.user))
    )


def count_of(session: Session, builder_id: UUID | None, role: Role) -> int:
    """How many active people have the role."""
    found = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.builder_id == builder_id,
            Membership.role == role.value,
            User.disabled_at.is_(None),
        )
    )
    return found or 0


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the list of people."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    role: str
    joined_at: datetime
    seen_at: datetime | None
    second_factor_at: datetime | None


def people_of(
    session: Session, builder_id: UUID | None, search: str, cursor: Cursor | None
) -> Page[Member]:
    """Who joined last first, `search` within name or address."""
    seen = (
        select(func.max(func.coalesce(Login.last_seen_at, Login.created_at)))
        .where(Login.user_id == User.id, Login.membership_id == Membership.id)
        .scalar_subquery()
    )
    place = (Membership.created_at, Membership.id)
    query = (
        select(
            *(Membership.id, User.id, User.name, User.email, Membership.role),
            *(Membership.created_at, seen, SecondFactor.confirmed_at),
        )
        .join(User, User.id == Membership.user_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .where(Membership.builder_id == builder_id, User.disabled_at.is_(None))
        .order_by(*(column.desc() for column in place))
        .limit(PAGE_ROWS + 1)
    )
    if search:
        within = (column.icontains(search, autoescape=True) for column in (User.name, User.email))
        query = query.where(or_(*within))
    if cursor is not None:
        query = query.where(tuple_(*place) < (cursor.at, cursor.id))
    rows = [Member(*row) for row in session.execute(query)]
    shown = rows[:PAGE_ROWS]
    more = len(rows) > PAGE_ROWS
    return Page(shown, Cursor(shown[-1].joined_at, shown[-1].id) if more else None)


_OPEN_INVITATION = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))


def invitations_of(session: Session, builder_id: UUID | None) -> list[Invitation]:
    """Those that wait for an answer, the latest first."""
    rows = select(Invitation).where(Invitation.builder_id == builder_id, *_OPEN_INVITATION)
    latest = rows.order_by(Invitation.created_at.desc(), Invitation.id.desc())
    return list(session.scalars(latest.limit(MOST_INVITATIONS)))


def invitation_of(session: Session, builder_id: UUID | None, key: UUID) -> Invitation | None:
    return session.scalar(
        select(Invitation).where(
            Invitation.id == key, Invitation.builder_id == builder_id, *_OPEN_INVITATION
        )
    )


def open_invitation_to(session: Session, email: str, builder_id: UUID | None) -> Invitation | None:
    return session.scalar(
        select(Invitation).where(
            Invitation.email == email, Invitation.builder_id == builder_id, *_OPEN_INVITATION
        )
    )


def invitation_by_digest(session: Session, digest: str) -> Invitation | None:
    return session.scalar(
        select(Invitation)
        .where(Invitation.digest == digest, *_OPEN_INVITATION)
        .options(joinedload(Invitation.builder))
    )
