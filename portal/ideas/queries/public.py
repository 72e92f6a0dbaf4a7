"""Ideas by their numbers, for search engines."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ideas.addresses import idea_path
from portal.ideas.models import FeatureRequest
from portal.ideas.queries.reach import readable

_THERE = (readable(None), FeatureRequest.merged_into_id.is_(None))


def highest(session: Session) -> int:
    query = select(FeatureRequest.number).where(*_THERE)
    return session.scalar(query.order_by(FeatureRequest.number.desc()).limit(1)) or 0


def pages(session: Session, low: int, high: int) -> Iterator[tuple[str, datetime]]:
    """Path and when its words or its status last changed."""
    query = select(FeatureRequest.number, FeatureRequest.updated_at).where(
        *_THERE, FeatureRequest.number.between(low, high)
    )
    for number, at in session.execute(query.order_by(FeatureRequest.number)):
        yield idea_path(number), at
