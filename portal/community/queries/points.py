"""The ledger of points: what counts of it, and for whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership
from portal.community.models import Member, PointEntry
from portal.core.permissions import STAFF
from portal.core.reputation import WINDOW, Cause, History
from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page

PAGE_ROWS = 25
COUNTS = PointEntry.taken_back_at.is_(None)


@dataclass(frozen=True, slots=True)
class Source:
    """What points are for: a post, a reply, an idea, a flag."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Party:
    """What somebody is where they are members."""

    is_staff: bool = False
    companies: frozenset[UUID] = frozenset()


def parties(session: Session, people: Collection[UUID | None]) -> Mapping[UUID | None, Party]:
    rows = session.execute(
        select(Membership.user_id, Membership.builder_id, Membership.role).where(
            Membership.user_id.in_([one for one in people if one is not None])
        )
    ).all()
    return {
        one: Party(
            any(role in STAFF for user, _builder, role in rows if user == one),
            frozenset(builder for user, builder, _role in rows if user == one and builder),
        )
        for one in people
    }


def member(session: Session, user_id: UUID) -> Member | None:
    return session.scalar(select(Member).where(Member.user_id == user_id))


def held_member(session: Session, user_id: UUID) -> Member | None:
    """Nobody else changes their points until the transaction ends."""
    found = select(Member).where(Member.user_id == user_id).with_for_update()
    return session.scalar(found.execution_options(populate_existing=True))


def history(
    session: Session, user_id: UUID, given_by: UUID | None, cause: Cause, at: datetime
) -> History:
    today = PointEntry.at > at - WINDOW
    giver = PointEntry.given_by == given_by
    row = session.execute(
        select(
            _sum(and_(today, PointEntry.cause == cause)),
            _sum(and_(today, PointEntry.by_peer)),
            _sum(and_(today, giver)),
            _sum(giver),
            _sum(PointEntry.by_peer.is_(True)),
        ).where(PointEntry.user_id == user_id, PointEntry.points > 0, COUNTS)
    ).one()
    return History(*row)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, PointEntry.points), else_=0)), 0)


def entry(
    session: Session, cause: Cause, source: Source, given_by: UUID | None
) -> PointEntry | None:
    """The one that counts."""
    return session.scalar(
        select(PointEntry).where(
            PointEntry.source_id == source.id,
            PointEntry.source_kind == source.kind,
            PointEntry.cause == cause,
            PointEntry.given_by == given_by,
            COUNTS,
        )
    )


def gains_from(session: Session, source: Source) -> list[PointEntry]:
    """What anybody has got for it and still has."""
    rows = select(PointEntry).where(
        PointEntry.source_id == source.id,
        PointEntry.source_kind == source.kind,
        PointEntry.points >= 0,
        COUNTS,
    )
    return list(session.scalars(rows.order_by(PointEntry.user_id, PointEntry.id)))


def taken_from(session: Session, source: Source, why: str) -> list[PointEntry]:
    """What was taken back from anybody for this reason, the latest first."""
    rows = select(PointEntry).where(
        PointEntry.source_id == source.id,
        PointEntry.source_kind == source.kind,
        PointEntry.taken_back_why == why,
        PointEntry.taken_back_at.is_not(None),
    )
    return list(session.scalars(rows.order_by(PointEntry.user_id, PointEntry.id.desc())))


def sum_of(session: Session, user_id: UUID) -> int:
    total = select(func.coalesce(func.sum(PointEntry.points), 0))
    return session.scalar(total.where(PointEntry.user_id == user_id, COUNTS)) or 0


def miscounted(session: Session) -> list[UUID]:
    """Members whose points are not what the ledger says."""
    total = (
        select(func.coalesce(func.sum(PointEntry.points), 0))
        .where(PointEntry.user_id == Member.user_id, COUNTS)
        .scalar_subquery()
    )
    wrong = select(Member.user_id).where(Member.points != total)
    return list(session.scalars(wrong.order_by(Member.user_id)))


def people(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many others each has points from."""
    rows = session.execute(
        select(PointEntry.user_id, func.count(PointEntry.given_by.distinct()))
        .where(PointEntry.user_id.in_(user_ids), PointEntry.points > 0, COUNTS)
        .group_by(PointEntry.user_id)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Total:
    cause: str
    times: int
    points: int


def totals(session: Session, user_id: UUID) -> list[Total]:
    """What somebody's points are made of, the most first."""
    points = func.sum(PointEntry.points)
    rows = session.execute(
        select(PointEntry.cause, func.count(), points)
        .where(PointEntry.user_id == user_id, PointEntry.points != 0, COUNTS)
        .group_by(PointEntry.cause)
        .order_by(points.desc(), PointEntry.cause)
    )
    return [Total(*row) for row in rows]


def ledger(session: Session, user_id: UUID, cursor: Cursor | None) -> Page[PointEntry]:
    """With what was taken back."""
    rows = select(PointEntry).where(PointEntry.user_id == user_id)
    return newest_first(session, rows, (PointEntry.at, PointEntry.id), cursor, PAGE_ROWS)
