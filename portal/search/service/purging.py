"""Rows of what is gone, forgotten when every index has taken it out long ago.

The newest of those that are old stays: an index that has not come as far as to it may have missed
others, and is made anew. So the last number stays what it is, too.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from portal.foundation.clock import utcnow
from portal.search.models import GONE, DocumentRow

KEPT: Final = timedelta(days=30)
MOST: Final = 500  # rows that one turn forgets

_IS_GONE: Final = text(GONE)


def purge(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work; how many rows were forgotten."""
    before = min(at, utcnow()) - KEPT  # a turn as of next year must not forget this one
    old = (_IS_GONE, DocumentRow.updated_at < before)
    with sessions.begin() as session:
        newest = select(func.max(DocumentRow.seq)).where(*old).scalar_subquery()
        query = select(DocumentRow.id).where(*old, DocumentRow.seq < newest).limit(MOST)
        keys = session.scalars(query).all()
        if keys:
            session.execute(
                delete(DocumentRow)
                .where(DocumentRow.id.in_(keys))
                .execution_options(synchronize_session=False)
            )
    return len(keys)


def may_have_missed(session: Session, seq: int) -> bool:
    """Whether rows behind this one can have been forgotten."""
    old = select(DocumentRow.id).where(
        _IS_GONE, DocumentRow.seq > seq, DocumentRow.updated_at < utcnow() - KEPT
    )
    return session.scalar(old.limit(1)) is not None
