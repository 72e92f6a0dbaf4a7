"""Rows of inboxes, readers with their preferences, and letters as the mailbox page lists them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from portal.accounts.models import Membership, User
from portal.core.permissions import PORTAL, Role
from portal.foundation.deliveries import DEAD, Delivery
from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page
from portal.notifications.models import Notification, Preference

PAGE_ROWS = 25
COUNT_TO = 100  # the badge says "99+" beyond it
MAIL = "mail"
_SENT = (Delivery.created_at, Delivery.id)


def audience(
    session: Session, people: Collection[UUID], kind: str, event_id: UUID, portal: UUID | None
) -> list[tuple[User, str, Preference | None]]:
    """Those of `people` with an active account who haven't been told yet, with choice and role:
    what they are at the `portal` of a builder, or at the platform."""
    told = and_(
        Notification.user_id == User.id,
        Notification.kind == kind,
        Notification.event_id == event_id,
    )
    chosen = and_(Preference.user_id == User.id, Preference.kind == kind)
    own = aliased(Membership)  # the first there is the one that a sign-in takes
    outside = [role.value for role in PORTAL]
    there = (
        own.role.not_in(outside)
        if portal is None
        else and_(own.role.in_(outside), own.builder_id == portal)
    )
    theirs = select(own.id).where(own.user_id == User.id, there)
    first = theirs.order_by(own.id).limit(1).scalar_subquery()
    rows = session.execute(
        select(User, Membership.role, Preference)
        .select_from(User)
        .join(Membership, Membership.id == first)
        .outerjoin(Preference, chosen)
        .outerjoin(Notification, told)
        .where(User.id.in_(people), User.disabled_at.is_(None), Notification.id.is_(None))
        .order_by(User.id)
    )
    return [(user, role, preference) for user, role, preference in rows]


Reader = tuple[UUID, UUID | None]
"""A person, and at whose portal they read; None: at the platform."""


def _of(reader: Reader) -> ColumnElement[bool]:
    user_id, portal = reader
    return and_(Notification.user_id == user_id, Notification.portal_id == portal)


def admins_of(session: Session, builder_id: UUID) -> list[UUID]:
    """Those who run the company."""
    roles = (Role.OWNER.value, Role.ADMIN.value)
    rows = select(Membership.user_id).where(
        Membership.builder_id == builder_id, Membership.role.in_(roles)
    )
    return list(session.scalars(rows.order_by(Membership.user_id)))


def inbox(session: Session, reader: Reader, cursor: Cursor | None) -> Page[Notification]:
    query = select(Notification).where(_of(reader))
    columns = Notification.created_at, Notification.id
    return newest_first(session, query, columns, cursor, PAGE_ROWS)


def _counted(there: ColumnElement[bool]) -> Select[int]:
    new = (
        select(Notification.id)
        .where(Notification.user_id == bindparam("user_id"), Notification.read_at.is_(None), there)
        .limit(COUNT_TO)
    )
    return select(func.count()).select_from(new.subquery())


# put together once: every page asks one of them
_UNREAD = _counted(Notification.portal_id.is_(None))
_UNREAD_AT_PORTAL = _counted(Notification.portal_id == bindparam("portal"))


def unread(session: Session, reader: Reader) -> int:
    """Counted up to COUNT_TO."""
    user_id, portal = reader
    query = _UNREAD if portal is None else _UNREAD_AT_PORTAL
    whose = {"user_id": user_id} | ({"portal": portal} if portal else {})
    return session.connection().scalar(query, whose) or 0


def notification_of(session: Session, reader: Reader, key: UUID) -> Notification | None:
    return session.scalar(select(Notification).where(Notification.id == key, _of(reader)))


def told_of(session: Session, event_id: UUID) -> list[UUID]:
    """Whose inbox has a line about the event."""
    return list(
        session.scalars(select(Notification.user_id).where(Notification.event_id == event_id))
    )


def preferences_of(session: Session, user_id: UUID) -> dict[str, Preference]:
    rows = session.scalars(select(Preference).where(Preference.user_id == user_id))
    return {row.kind: row for row in rows}


def letters(session: Session, recipient: str | None, cursor: Cursor | None) -> Page[Delivery]:
    """The newest letters; those to one address, when one is given."""
    query = select(Delivery).where(Delivery.kind == MAIL)
    if recipient is not None:
        query = query.where(Delivery.recipient == recipient)
    return newest_first(session, query, _SENT, cursor, PAGE_ROWS)


def dead(session: Session, cursor: Cursor | None) -> Page[Delivery]:
    """What was given up, of every kind."""
    query = select(Delivery).where(DEAD)
    return newest_first(session, query, _SENT, cursor, PAGE_ROWS)


def letter(session: Session, recipient: str | None, key: UUID) -> Delivery | None:
    query = select(Delivery).where(Delivery.id == key)
    if recipient is not None:
        query = query.where(Delivery.recipient == recipient, Delivery.kind == MAIL)
    return session.scalar(query)
