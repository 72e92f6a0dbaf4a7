"""Signed-in browsers, and their end: at once, with their open streams."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts.models import Login
from portal.foundation import outbox

ENDED: Final = "account.logins_ended"
NOTED_EVERY: Final = timedelta(minutes=5)


def end(session: Session, login_ids: Sequence[UUID], *, at: datetime) -> int:
    """Returns how many there were."""
    if not login_ids:
        return 0
    gone = session.scalars(
        delete(Login)
        .where(Login.id.in_(login_ids))
        .returning(Login.id)
        .execution_options(synchronize_session=False)
    ).all()
    outbox.record(session, ENDED, at=at, builder_id=None, login_ids=[str(key) for key in gone])
    return len(gone)


def note(sessions: sessionmaker[Session], login_id: UUID, at: datetime) -> None:
    """Somebody is there; once in a while is enough."""
    with sessions.begin() as session:
        session.execute(
            update(Login)
            .where(
                Login.id == login_id,
                or_(Login.last_seen_at.is_(None), Login.last_seen_at <= at - NOTED_EVERY),
            )
            .values(last_seen_at=at)
            .execution_options(synchronize_session=False)
        )


def end_all_of(session: Session, user_id: UUID, *, at: datetime, but: UUID | None = None) -> int:
    """Everywhere the person is signed in, `but` this browser."""
    mine = session.scalars(select(Login.id).where(Login.user_id == user_id)).all()
    return end(session, [key for key in mine if key != but], at=at)


def end_all_as(session: Session, membership_id: UUID, *, at: datetime) -> int:
    """Wherever the person is signed in as this member."""
    theirs = select(Login.id).where(Login.membership_id == membership_id)
    return end(session, session.scalars(theirs).all(), at=at)
