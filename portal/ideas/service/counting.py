"""Counters made anew from the rows that they count."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.idea_ranking import heat_of
from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaComment


def recount(session: Session, idea: FeatureRequest) -> None:
    """For whoever sees every builder's votes, and holds the idea."""
    of_idea = FeatureRequestVote.request_id == idea.id
    votes = session.scalars(select(FeatureRequestVote.created_at).where(of_idea)).all()
    said = select(func.count()).where(IdeaComment.request_id == idea.id)
    idea.vote_count, idea.heat = len(votes), heat_of(idea.created_at, sorted(votes))
    idea.comment_count = session.scalar(said) or 0
    session.flush()
