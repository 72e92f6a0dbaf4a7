"""Points: given for what happened, taken back when it is undone. The ledger decides; the number
beside a member is its sum."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.community.models import Member, PointEntry
from portal.community.queries import points as queries
from portal.community.queries.points import Party, Source
from portal.core.reputation import Cause, Tie, granted
from portal.foundation.collisions import TAKEN, refusing

__all__ = [
    *("Source", "award", "give_all_back", "rebuild", "take_all_back", "take_back", "taking_part"),
]
REMOVED: Final = "removed"
"""Why points were taken back of what moderators took away."""


class _Already(RuntimeError):
    """It counts already."""


def taking_part(session: Session, user_id: UUID, *, at: datetime) -> Member:
    """From the first post, vote or point on; the points can't change until the transaction ends."""
    member = queries.held_member(session, user_id)
    if member is not None:
        return member
    try:
        with refusing(session, _Already(), TAKEN):
            session.add(Member(user_id=user_id, points=0, created_at=at))
    except _Already:
        pass
    member = queries.held_member(session, user_id)
    assert member is not None  # noqa: S101  one of the two has made it
    return member


def award(
    session: Session,
    cause: Cause,
    *,
    to: UUID | None,
    source: Source,
    given_by: UUID | None = None,
    at: datetime,
) -> int:
    """How many points it gave: none the second time, to oneself, to staff, to who is gone, or
    beyond a cap. `given_by` is the other party: who voted, verified or upheld; of an accepted
    answer who accepted it, and for having accepted one whose answer it was."""
    if to is None or to == given_by:
        return 0
    parties = queries.parties(session, (to, given_by))
    if parties[to].is_staff:
        return 0
    taking_part(session, to, at=at)
    if queries.entry(session, cause, source, given_by) is not None:
        return 0
    tie = _tie(given_by, parties[to], parties[given_by])
    grant = granted(cause, tie, queries.history(session, to, given_by, cause, at))
    return _add(
        session,
        PointEntry(
            user_id=to,
            cause=cause,
            points=grant.points,
            uncounted=grant.uncounted or "",
            at=at,
            source_kind=source.kind,
            source_id=source.id,
            given_by=given_by,
            by_peer=tie.is_peer,
        ),
    )


def _add(session: Session, row: PointEntry) -> int:
    """Nothing, where the same counts already."""
    try:
        with refusing(session, _Already(), TAKEN):
            session.add(row)
    except _Already:
        return 0
    _count(session, row.user_id, row.points)
    return row.points


def _tie(given_by: UUID | None, receiver: Party, giver: Party) -> Tie:
    return Tie(
        is_peer=given_by is not None and not giver.is_staff,
        same_company=bool(receiver.companies & giver.companies),
    )


def take_back(
    session: Session,
    cause: Cause,
    *,
    source: Source,
    given_by: UUID | None = None,
    at: datetime,
    by: UUID | None = None,
    why: str = "",
) -> int:
    """How many points it took from whoever had them; none where nothing counts."""
    found = queries.entry(session, cause, source, given_by)
    return 0 if found is None else _take(session, found, at, by or given_by, why)


def take_all_back(session: Session, source: Source, *, at: datetime, by: UUID | None = None) -> int:
    """All that anybody has got for something that moderators take away. Losses stay."""
    gains = queries.gains_from(session, source)
    return sum(_take(session, found, at, by, REMOVED) for found in gains)


def give_all_back(session: Session, source: Source, *, at: datetime) -> int:
    """When it is there again: as many as they were, past all caps."""
    taken = queries.taken_from(session, source, REMOVED)
    return sum(_add(session, _again(found, at)) for found in taken)


def _again(found: PointEntry, at: datetime) -> PointEntry:
    return PointEntry(
        user_id=found.user_id,
        cause=found.cause,
        points=found.points,
        uncounted=found.uncounted,
        at=at,
        source_kind=found.source_kind,
        source_id=found.source_id,
        given_by=found.given_by,
        by_peer=found.by_peer,
    )


def _take(session: Session, found: PointEntry, at: datetime, by: UUID | None, why: str) -> int:
    """Of two who take the same back, one does."""
    taken = session.execute(
        update(PointEntry)
        .where(PointEntry.id == found.id, queries.COUNTS)
        .values(taken_back_at=at, taken_back_by=by, taken_back_why=why)
        .returning(PointEntry.points)
    ).scalar_one_or_none()
    if taken is None:
        return 0
    _count(session, found.user_id, -taken)
    return taken


def _count(session: Session, user_id: UUID, change: int) -> None:
    if change:
        session.execute(
            update(Member)
            .where(Member.user_id == user_id)
            .values(points=Member.points + change)
            .execution_options(synchronize_session="fetch")
        )


def rebuild(session: Session) -> int:
    """Counts anew from the ledger; how many members had another number."""
    return sum(_recount(session, queries.miscounted(session)))


def _recount(session: Session, members: Iterable[UUID]) -> Iterable[bool]:
    for user_id in members:
        member = queries.held_member(session, user_id)
        total = queries.sum_of(session, user_id)
        if member is not None and member.points != total:
            member.points = total
            session.flush()
            yield True
