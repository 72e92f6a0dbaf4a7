"""Items by their numbers, for search engines."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.roadmap.addresses import item_path
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import items
from portal.roadmap.queries.reach import PUBLIC


def highest(session: Session) -> int:
    query = select(RoadmapItem.number).where(PUBLIC).order_by(RoadmapItem.number.desc())
    return session.scalar(query.limit(1)) or 0


def pages(session: Session, low: int, high: int) -> Iterator[tuple[str, datetime]]:
    query = select(RoadmapItem).where(PUBLIC, RoadmapItem.number.between(low, high))
    rows = session.scalars(query.order_by(RoadmapItem.number)).all()
    texts = items.texts(session, [row.id for row in rows])
    for row in rows:
        title = items.said(texts[row.id], LOCALES[0]).title
        yield item_path(row.number or 0, title), row.updated_at
