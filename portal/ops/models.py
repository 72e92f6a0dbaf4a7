"""Signs of life of the processes that nobody sees."""

from datetime import datetime

from sqlalchemy import String, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from portal.foundation.db import Base

CLOCK = "clock"
WORKER = "worker"


class Heartbeat(Base):
    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    at: Mapped[datetime]


def beat(sessions: sessionmaker[Session], name: str, at: datetime) -> None:
    """Note that `name` was alive at `at`."""
    with sessions.begin() as session:
        known = session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=at))
        if known.rowcount:  # type: ignore[attr-defined]
            return
        try:
            with session.begin_nested():
                session.execute(insert(Heartbeat).values(name=name, at=at))
        except IntegrityError:
            return  # another process was first, just now
