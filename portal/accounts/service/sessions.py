"""Signed-in browsers, and their end: at once, with their open streams."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Login
from portal.foundation import outbox

ENDED = "account.logins_ended"


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


def end_all_of(session: Session, user_id: UUID, *, at: datetime, but: UUID | None = None) -> int:
    """Everywhere the person is signed in, `but` this browser."""
    mine = session.scalars(select(Login.id).where(Login.user_id == user_id)).all()
    return end(session, [key for key in mine if key != but], at=at)


def end_all_as(session: Session, membership_id: UUID, *, at: datetime) -> int:
    """Wherever the person is signed in as this member."""
    theirs = select(Login.id).where(Login.membership_id == membership_id)
    return end(session, session.scalars(theirs).all(), at=at)
