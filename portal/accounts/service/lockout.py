"""Tries to prove who one is, counted in the database: with Redis gone guessing is as slow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import Tries
from portal.core.lockout import FORGOTTEN, NARROW, WIDE, Counted, Lane, locked_until, one_more
from portal.foundation.digests import digest_of

MOST = 1000  # lanes that one turn forgets


class Locked(ValueError):
    """Too many tries; `until` is when the next is welcome."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whose account is tried (an address as it was typed, or a person for their second factor),
    and from where. `browser` names one in which this person has signed in before."""

    whose: str
    network: str = ""
    browser: str = ""

    def lanes(self) -> Iterator[tuple[str, Lane]]:
        whose = self.whose.strip().casefold()
        if self.browser:
            yield _digest("browser", whose, self.browser), NARROW
        else:
            yield _digest("network", whose, self.network), NARROW
            yield _digest("anywhere", whose), WIDE


def _digest(*parts: str) -> str:
    return digest_of("\0".join(parts))


def count(session: Session, attempt: Attempt, *, at: datetime) -> int:
    """Count the try before it is looked at, so that many at once are as many. Returns how many
    there were in its widest lane. Raises Locked, and then nothing is counted."""
    rows = [(_row(session, key, at), lane) for key, lane in sorted(attempt.lanes())]
    until = [locked_until(Counted(row.count, row.last_at), lane, at) for row, lane in rows]
    if locks := [moment for moment in until if moment is not None]:
        raise Locked(max(locks))
    for row, _lane in rows:
        counted = one_more(Counted(row.count, row.last_at), at)
        row.count, row.last_at = counted.count, at
    session.flush()
    return max(rows, key=lambda pair: pair[1].free)[0].count


def forgive(session: Session, attempt: Attempt) -> None:
    """It was them: what they tried before counts no more."""
    session.execute(delete(Tries).where(Tries.lane.in_([key for key, _lane in attempt.lanes()])))


def _row(session: Session, key: str, at: datetime) -> Tries:
    found = _locked_row(session, key)
    if found is not None:
        return found
    made = Tries(lane=key, count=0, last_at=at)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody else began the count
        return _locked_row(session, key) or made
    return made


def _locked_row(session: Session, key: str) -> Tries | None:
    return session.scalar(
        select(Tries)
        .where(Tries.lane == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def forget_old(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: counts that no longer count are gone; how many were."""
    with sessions.begin() as session:
        old = select(Tries.id).where(Tries.last_at <= at - FORGOTTEN).order_by(Tries.last_at)
        gone = session.scalars(
            delete(Tries)
            .where(Tries.id.in_(old.limit(MOST)))
            .returning(Tries.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(gone)
