"""Ideas that ship with a note."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.ideas.models import FeatureRequest
from portal.ideas.queries.reach import readable
from portal.releases.models import ReleaseIdea


def of_note(session: Session, actor: Actor | None, release_id: UUID) -> Sequence[FeatureRequest]:
    """Those that the actor may read, the most wanted first."""
    rows = (
        select(FeatureRequest)
        .join(ReleaseIdea, ReleaseIdea.request_id == FeatureRequest.id)
        .where(ReleaseIdea.release_id == release_id, readable(actor))
    )
    return session.scalars(
        rows.order_by(FeatureRequest.vote_count.desc(), FeatureRequest.number)
    ).all()


def by_numbers(session: Session, actor: Actor, numbers: Iterable[int]) -> Sequence[FeatureRequest]:
    """As they stand at the end of what they were merged into."""
    wanted = list(numbers)
    if not wanted:
        return []
    rows = select(FeatureRequest).where(FeatureRequest.number.in_(wanted), readable(actor))
    return final(session, session.scalars(rows.order_by(FeatureRequest.number)).all())


def by_keys(session: Session, keys: Iterable[UUID]) -> Sequence[FeatureRequest]:
    wanted = list(keys)
    rows = select(FeatureRequest).where(FeatureRequest.id.in_(wanted))
    return session.scalars(rows.order_by(FeatureRequest.id)).all() if wanted else []


def final(session: Session, ideas: Iterable[FeatureRequest]) -> list[FeatureRequest]:
    """Each once; where one was merged into another, that."""
    known = {idea.id: idea for idea in ideas}
    into = {one.merged_into_id for one in known.values() if one.merged_into_id is not None}
    known |= {one.id: one for one in by_keys(session, into - known.keys())}
    return [idea for idea in known.values() if idea.merged_into_id is None]


def keys_of_notes(
    session: Session, actor: Actor | None, releases: Iterable[UUID]
) -> dict[UUID, list[UUID]]:
    """By note; those that the actor may read."""
    rows = (
        select(ReleaseIdea.release_id, ReleaseIdea.request_id)
        .join(FeatureRequest, FeatureRequest.id == ReleaseIdea.request_id)
        .where(ReleaseIdea.release_id.in_(list(releases)), readable(actor))
        .order_by(FeatureRequest.number)
    )
    found: dict[UUID, list[UUID]] = {}
    for release_id, key in session.execute(rows):
        found.setdefault(release_id, []).append(key)
    return found
