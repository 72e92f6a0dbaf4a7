"""The stored answer to a request that must have one effect, however often it is sent.

The key is claimed by a row in the transaction of the effect: both are there, or neither. A second
request with the same key waits for the first one's commit (SQLite: for its write lock; PostgreSQL:
for the unique index) and is then given the first one's answer.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.foundation.db import Base

KEPT = timedelta(hours=24)
MOST = 1_000  # rows that one tick forgets


class IdempotencyKey(Base):
    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("owner_id", "key"),
        Index("ix_idempotency_age", "created_at"),
    )

    owner_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))  # of the whole request
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class KeyReused(ValueError):
    """The key came with another request before."""


def claim(
    session: Session, owner_id: UUID, key: str, digest: str, *, at: datetime
) -> tuple[IdempotencyKey, bool]:
    """The row of the key, and whether its answer is there already. Raises KeyReused.

    Whoever gets a fresh row writes status, body and location into it before the commit.
    """
    fresh = IdempotencyKey(owner_id=owner_id, key=key, digest=digest, created_at=at)
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        earlier = session.scalars(
            select(IdempotencyKey).where(
                IdempotencyKey.owner_id == owner_id, IdempotencyKey.key == key
            )
        ).one()
        if earlier.digest != digest:
            raise KeyReused(key) from None
        return earlier, True
    return fresh, False


def forget_old(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: answers older than KEPT are gone; how many were."""
    with sessions.begin() as session:
        old = (
            select(IdempotencyKey.id)
            .where(IdempotencyKey.created_at < at - KEPT)
            .order_by(IdempotencyKey.created_at)
            .limit(MOST)
        )
        gone = session.scalars(
            delete(IdempotencyKey)
            .where(IdempotencyKey.id.in_(old))
            .returning(IdempotencyKey.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(gone)
