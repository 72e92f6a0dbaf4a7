"""Notes by their numbers, for search engines."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.releases.models import Release
from portal.releases.queries.reading import IS_PUBLISHED, with_bodies


def highest(session: Session) -> int:
    query = select(Release.number).where(IS_PUBLISHED)
    return session.scalar(query.order_by(Release.number.desc()).limit(1)) or 0


def pages(session: Session, low: int, high: int) -> Iterator[tuple[str, datetime]]:
    query = select(Release).where(IS_PUBLISHED, Release.number.between(low, high))
    rows = session.scalars(query.order_by(Release.number)).all()
    for note in with_bodies(session, rows, LOCALES[0]):
        yield note.path, note.release.updated_at
