"""The stored answer to a request that must have one effect, however often it is sent.

The key is claimed by a row in the transaction of the effect: both are there, or neither. A second
request with the same key waits for the first one's commit (SQLite: for its write lock; PostgreSQL:
for the unique index) and is then given the first one's answer.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.foundation import bulk
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
) -> IdempotencyKey | None:
    """The row with the answer that the key had before, if any. Raises KeyReused.

    Whoever is told of none has the key, and keeps the answer under it before the commit.
    """
    fresh = IdempotencyKey(owner_id=owner_id, key=key, digest=digest, created_at=at)
    if bulk.write_if_new(session, fresh):
        return None
    earlier = session.scalars(
        select(IdempotencyKey).where(IdempotencyKey.owner_id == owner_id, IdempotencyKey.key == key)
    ).one()
    if earlier.digest != digest:
        raise KeyReused(key)
    return earlier


def let_go(session: Session, owner_id: UUID, key: str) -> None:
    """A key under which nothing was done."""
    session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.owner_id == owner_id, IdempotencyKey.key == key)
        .execution_options(synchronize_session=False)
    )


_KEEP = (
    update(IdempotencyKey)
    .where(
        IdempotencyKey.owner_id == bindparam("its_owner"), IdempotencyKey.key == bindparam("name")
    )
    .values(
        status=bindparam("new_status"), body=bindparam("new_body"), location=bindparam("new_place")
    )
)


def keep(
    session: Session, owner_id: UUID, key: str, *, status: int, body: str, location: str
) -> None:
    """The answer under a key that was claimed in this transaction."""
    session.connection().execute(
        _KEEP,
        {
            "its_owner": owner_id,
            "name": key,
            "new_status": status,
            "new_body": body,
            "new_place": location,
        },
    )


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
