"""Rows of inboxes, readers with their preferences, and letters as the mailbox page lists them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.accounts.models import Membership, User
from portal.foundation.deliveries import DEAD, Delivery
from portal.foundation.paging import Cursor, Page
from portal.notifications.models import Notification, Preference

PAGE_ROWS = 25
COUNT_TO = 100  # the badge says "99+" beyond it
MAIL = "mail"


def audience(
    session: Session, people: Collection[UUID], kind: str, event_id: UUID
) -> list[tuple[User, str, Preference | None]]:
    """Those of `people` with an active account who haven't been told yet, with role and choice."""
    told = and_(
        Notification.user_id == User.id,
        Notification.kind == kind,
        Notification.event_id == event_id,
    )
    chosen = and_(Preference.user_id == User.id, Preference.kind == kind)
    own = aliased(Membership)  # the first is the one that a sign-in takes
    first = select(own.id).where(own.user_id == User.id).order_by(own.id).limit(1).scalar_subquery()
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


def inbox(session: Session, user_id: UUID, cursor: Cursor | None) -> Page[Notification]:
    query = select(Notification).where(Notification.user_id == user_id)
    return _newest_first(session, query, Notification, cursor)


_UNREAD = select(func.count()).select_from(  # put together once: every page asks it
    select(Notification.id)
    .where(Notification.user_id == bindparam("user_id"), Notification.read_at.is_(None))
    .limit(COUNT_TO)
    .subquery()
)


def unread(session: Session, user_id: UUID) -> int:
    """Counted up to COUNT_TO."""
    return session.connection().scalar(_UNREAD, {"user_id": user_id}) or 0


def notification_of(session: Session, user_id: UUID, key: UUID) -> Notification | None:
    return session.scalar(
        select(Notification).where(Notification.id == key, Notification.user_id == user_id)
    )


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
    return _newest_first(session, query, Delivery, cursor)


def dead(session: Session, cursor: Cursor | None) -> Page[Delivery]:
    """What was given up, of every kind."""
    query = select(Delivery).where(DEAD)
    return _newest_first(session, query, Delivery, cursor)


def letter(session: Session, recipient: str | None, key: UUID) -> Delivery | None:
    query = select(Delivery).where(Delivery.id == key)
    if recipient is not None:
        query = query.where(Delivery.recipient == recipient, Delivery.kind == MAIL)
    return session.scalar(query)


def _newest_first(
    session: Session, query: Select[Any], model: Any, cursor: Cursor | None
) -> Page[Any]:
    columns: tuple[InstrumentedAttribute[Any], ...] = (model.created_at, model.id)
    back = cursor is not None and cursor.back
    if cursor is not None:
        query = query.where(_beyond(columns, cursor))
    order = columns if back else tuple(column.desc() for column in columns)
    rows = list(session.scalars(query.order_by(*order).limit(PAGE_ROWS + 1)))
    more, rows = len(rows) > PAGE_ROWS, rows[:PAGE_ROWS]
    if not rows:
        return Page([], None)
    if back:
        rows.reverse()
    older = Cursor(rows[-1].created_at, rows[-1].id) if back or more else None
    newer_stands = more if back else cursor is not None
    newer = Cursor(rows[0].created_at, rows[0].id, back=True) if newer_stands else None
    return Page(rows, older, newer)


def _beyond(columns: tuple[Any, ...], cursor: Cursor) -> ColumnElement[bool]:
    key, place = tuple_(*columns), (cursor.at, cursor.id)
    beyond: ColumnElement[bool] = key > place if cursor.back else key < place
    return beyond
