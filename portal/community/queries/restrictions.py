"""Who may not do something for a while, and who is to hear of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Builder, Membership, User
from portal.community.models import Restriction
from portal.core.permissions import Actor, Role
from portal.foundation.keyset import newest_first, objects
from portal.foundation.paging import Cursor, Page

PAGE_ROWS = 25
MOST_OWN = 10
_NEWEST = (Restriction.starts_at, Restriction.id)


def in_force(
    session: Session, user_id: UUID | None, builder_id: UUID | None, what: str, at: datetime
) -> Restriction | None:
    """The one that ends last."""
    about = {"user_id": user_id, "builder_id": builder_id, "what": what, "at": at}
    return session.scalar(_IN_FORCE, about)


def holding(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(
        Restriction.lifted_at.is_(None), Restriction.starts_at <= at, Restriction.ends_at > at
    )


_IN_FORCE = (
    select(Restriction)
    .where(
        or_(
            Restriction.user_id == bindparam("user_id"),
            Restriction.builder_id == bindparam("builder_id"),
        ),
        Restriction.what == bindparam("what"),
        holding(bindparam("at")),
    )
    .order_by(Restriction.ends_at.desc())
    .limit(1)
)


def _of(user_id: UUID | None, builder_id: UUID | None) -> ColumnElement[bool]:
    """Of nobody where neither is known: a company's restriction names no person, nor the other way
    round."""
    named = ((Restriction.user_id, user_id), (Restriction.builder_id, builder_id))
    return or_(false(), *(column == key for column, key in named if key is not None))


def own(session: Session, actor: Actor) -> list[Restriction]:
    """What was ever said to the actor or to their company, the latest first."""
    rows = select(Restriction).where(_of(actor.user_id, actor.builder_id))
    latest = rows.order_by(*(column.desc() for column in _NEWEST)).limit(MOST_OWN)
    return list(session.scalars(latest))


def own_one(session: Session, actor: Actor, key: UUID) -> Restriction | None:
    found = select(Restriction).where(Restriction.id == key, _of(actor.user_id, actor.builder_id))
    return session.scalar(found)


def one(session: Session, key: UUID) -> Restriction | None:
    return session.get(Restriction, key)


def held(session: Session, key: UUID) -> Restriction:
    """Nobody else changes it until the transaction ends."""
    found = select(Restriction).where(Restriction.id == key).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def page(session: Session, at: datetime, cursor: Cursor | None, *, past: bool) -> Page[Restriction]:
    """Those that hold, or those that are over."""
    rows = select(Restriction).where(~holding(at) if past else holding(at))
    found: Page[Restriction] = newest_first(session, rows, _NEWEST, cursor, PAGE_ROWS, objects)
    return found


@dataclass(frozen=True, slots=True)
class Whom:
    """Names of those that restrictions are about."""

    people: dict[UUID, str]
    companies: dict[UUID, str]

    def name(self, restriction: Restriction) -> str:
        if restriction.user_id is not None:
            return self.people.get(restriction.user_id, "")
        return self.companies.get(restriction.builder_id, "") if restriction.builder_id else ""


def whom(session: Session, restrictions: Sequence[Restriction]) -> Whom:
    people = {one.user_id for one in restrictions if one.user_id}
    companies = {one.builder_id for one in restrictions if one.builder_id}
    named = select(User.id, User.name).where(User.id.in_(people))
    called = select(Builder.id, Builder.name).where(Builder.id.in_(companies))
    return Whom(dict(session.execute(named).all()), dict(session.execute(called).all()))


def hold_target(session: Session, user_id: UUID | None, builder_id: UUID | None) -> bool:
    """Of two who restrict at once the second waits here. False: there is no such person."""
    target = (
        select(User.id).where(User.id == user_id, User.disabled_at.is_(None))
        if user_id is not None
        else select(Builder.id).where(Builder.id == builder_id)
    )
    return session.scalar(target.with_for_update(key_share=True)) is not None


def leads(session: Session) -> list[UUID]:
    """Who hears appeals."""
    roles = (Role.MANAGER.value, Role.PLATFORM_ADMIN.value)
    rows = select(Membership.user_id).join(User, User.id == Membership.user_id)
    found = rows.where(Membership.role.in_(roles), User.disabled_at.is_(None)).distinct()
    return list(session.scalars(found.order_by(Membership.user_id)))
