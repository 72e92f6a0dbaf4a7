"""Notes as those find them who write them: in every state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.foundation.keyset import newest_first
from portal.foundation.paging import Cursor, Page
from portal.releases.models import SCHEDULED, Release, ReleaseIdea

PAGE_ROWS: Final = 20


def notes(session: Session, state: str, cursor: Cursor | None) -> Page[Release]:
    """Begun last first; "" for every state."""
    query = select(Release)
    if state:
        query = query.where(Release.state == state)
    columns = Release.created_at, Release.id
    return newest_first(session, query, columns, cursor, PAGE_ROWS)


def note(session: Session, key: UUID) -> Release | None:
    return session.get(Release, key)


def idea_keys(session: Session, release_id: UUID) -> list[UUID]:
    rows = select(ReleaseIdea.request_id).where(ReleaseIdea.release_id == release_id)
    return list(session.scalars(rows.order_by(ReleaseIdea.id)))


def due(session: Session, at: datetime, most: int) -> Sequence[UUID]:
    """Those whose time has come, the earliest first."""
    ready = text(SCHEDULED), Release.publish_at <= at
    rows = select(Release.id).where(*ready).order_by(Release.publish_at, Release.id)
    return session.scalars(rows.limit(most)).all()
