"""Pictures that nobody needs any more are removed by whoever has looked at them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.kb.queries import pictures as queries

SETTLED: Final = timedelta(days=1)
"""Until then somebody may be about to put it into a text."""


def unused(session: Session, at: datetime) -> list[UUID]:
    return list(queries.unused(session, at - SETTLED))


def remove(session: Session, keys: Collection[UUID], *, by: Actor, at: datetime) -> int:
    """How many are gone: not what an article has shown since. The bytes are cleared away later,
    with all that no row knows."""
    by.require(Permission.PUBLISH_ARTICLES)
    idle = set(unused(session, at)).intersection(keys)
    for file in queries.files(session, idle):
        session.delete(file)
    if idle:
        audit.record(session, "pictures.removed", by=by, at=at, count=len(idle))
    session.flush()
    return len(idle)
