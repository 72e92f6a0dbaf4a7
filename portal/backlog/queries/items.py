"""The tracker's connection, and ideas that are in it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, contains_eager

from portal.backlog.models import ONLY, BacklogConnection, BacklogItem, State
from portal.ideas.models import FeatureRequest

MOST_SHOWN = 50


def connection(session: Session) -> BacklogConnection | None:
    return session.get(BacklogConnection, ONLY)


def item_of(session: Session, idea: UUID) -> BacklogItem | None:
    return session.scalar(select(BacklogItem).where(BacklogItem.request_id == idea))


def beside(session: Session, idea: UUID) -> tuple[BacklogConnection | None, BacklogItem | None]:
    """Both in one question; neither need be there."""
    anything = select(FeatureRequest.id).where(FeatureRequest.id == idea).subquery()
    found = session.execute(
        select(BacklogConnection, BacklogItem)
        .select_from(anything)
        .outerjoin(BacklogConnection, true())
        .outerjoin(BacklogItem, BacklogItem.request_id == anything.c.id)
    ).first()
    return (found[0], found[1]) if found is not None else (None, None)


def held(session: Session, key: UUID) -> BacklogItem | None:
    """With its idea; nobody else writes it until the commit."""
    return session.scalar(
        select(BacklogItem)
        .join(BacklogItem.idea)
        .where(BacklogItem.id == key)
        .options(contains_eager(BacklogItem.idea))
        .with_for_update(of=BacklogItem)
        .execution_options(populate_existing=True)
    )


def in_state(session: Session, state: State) -> Sequence[BacklogItem]:
    """With their ideas, the newest first."""
    return session.scalars(
        select(BacklogItem)
        .join(BacklogItem.idea)
        .where(BacklogItem.state == state)
        .options(contains_eager(BacklogItem.idea))
        .order_by(BacklogItem.asked_at.desc(), BacklogItem.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def counts(session: Session) -> dict[str, int]:
    """How many are in each state."""
    rows = select(BacklogItem.state, func.count()).group_by(BacklogItem.state)
    return dict(session.execute(rows).all())


def merged_into(session: Session, idea: FeatureRequest) -> int | None:
    """The number of what stands for it now."""
    return session.scalar(
        select(FeatureRequest.number).where(FeatureRequest.id == idea.merged_into_id)
    )
