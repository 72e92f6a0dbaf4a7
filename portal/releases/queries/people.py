"""Who writes notes, who wants a letter of them, and in which language each reads."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import GRANTS, STAFF, Permission
from portal.notifications.models import Preference
from portal.releases.models import NewsSeen, Release
from portal.releases.queries.reading import IS_PUBLISHED

KIND: Final = "release_published"
NEW_FOR: Final = timedelta(days=30)  # to whoever has never looked


def writers(session: Session) -> set[UUID]:
    roles = [role.value for role in STAFF if Permission.WRITE_NEWS in GRANTS[role]]
    there = Membership.builder_id.is_(None), Membership.role.in_(roles)
    return set(session.scalars(select(Membership.user_id).where(*there)))


def subscribers(session: Session, after: UUID | None, most: int) -> list[UUID]:
    """By their keys. Nobody is told unless they chose to be."""
    chosen = Preference.kind == KIND, or_(Preference.in_app, Preference.mail)
    rows = select(Preference.user_id).where(*chosen)
    if after is not None:
        rows = rows.where(Preference.user_id > after)
    return list(session.scalars(rows.order_by(Preference.user_id).limit(most)))


def by_language(session: Session, people: Collection[UUID]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    rows = session.execute(select(User.id, User.locale).where(User.id.in_(people)))
    for key, locale in rows:
        found.setdefault(locale, set()).add(key)
    return found


_MONTH_AGO = bindparam("month_ago", type_=Release.published_at.type)
_SEEN = select(NewsSeen.seen_at).where(NewsSeen.user_id == bindparam("user_id")).scalar_subquery()
_SINCE = (
    select(case((User.created_at > _MONTH_AGO, User.created_at), else_=_MONTH_AGO))
    .where(User.id == bindparam("user_id"))
    .scalar_subquery()
)
# put together once: pages ask it
_UNREAD = select(func.count()).where(
    IS_PUBLISHED, Release.published_at > func.coalesce(_SEEN, _SINCE)
)
_UNREAD_SINCE = select(func.coalesce(_SEEN, _SINCE, type_=Release.published_at.type))


def unread(session: Session, user_id: UUID, at: datetime) -> int:
    """Published since somebody looked last; or, if they never did, since they are with us, a month
    at most."""
    return session.scalar(_UNREAD, _whose(user_id, at)) or 0


def seen_until(session: Session, user_id: UUID, at: datetime) -> datetime | None:
    """What was published later is new to them."""
    return session.scalar(_UNREAD_SINCE, _whose(user_id, at))


def _whose(user_id: UUID, at: datetime) -> dict[str, object]:
    return {"user_id": user_id, "month_ago": at - NEW_FOR}
