"""Two ideas that are one: votes united, one a builder; comments moved; the address leads on."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.ideas.happenings import MERGED
from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaComment, IdeaTicket
from portal.ideas.service import counting, finding
from portal.ideas.service.holding import hold
from portal.ideas.service.refusals import CannotMerge
from portal.ideas.service.submitting import named

_SILENT = {"synchronize_session": False}


def merge(
    session: Session, same: FeatureRequest, into: FeatureRequest, *, by: Actor, at: datetime
) -> None:
    """`same` is gone from all lists. Raises CannotMerge."""
    by.require(Permission.RUN_IDEAS)
    hold(session, same, into)
    if not may_merge(same, into):
        raise CannotMerge
    _unite_votes(session, same, into)
    _move(session, same, into)
    same.merged_into_id, same.updated_at = into.id, at
    session.flush()
    session.expire_all()  # votes and comments were moved past the session
    for idea in (same, into):
        counting.recount(session, idea)
        finding.tell(session, idea, at=at)
    outbox.record(
        session,
        MERGED,
        at=at,
        builder_id=None,
        request_id=str(same.id),
        into_id=str(into.id),
    )
    audit.record(session, "idea.merged", by=by, at=at, about=named(same), into=into.number)


def may_merge(same: FeatureRequest, into: FeatureRequest) -> bool:
    """What was said among staff must not be read by others."""
    both_there = same.merged_into_id is None and into.merged_into_id is None
    return same.id != into.id and both_there and same.is_internal == into.is_internal


def _unite_votes(session: Session, same: FeatureRequest, into: FeatureRequest) -> None:
    """A builder that wanted both keeps the older vote's place, and both of its reasons."""
    kept = {vote.builder_id: vote for vote in _votes(session, into)}
    for vote in _votes(session, same):
        other = kept.get(vote.builder_id)
        if other is not None:
            other.reason = "\n\n".join(dict.fromkeys(filter(None, (other.reason, vote.reason))))
            other.created_at = min(other.created_at, vote.created_at)
    session.flush()
    gone = FeatureRequestVote.request_id == same.id
    twice = FeatureRequestVote.builder_id.in_(
        select(FeatureRequestVote.builder_id).where(FeatureRequestVote.request_id == into.id)
    )
    session.execute(delete(FeatureRequestVote).where(gone, twice).execution_options(**_SILENT))
    session.execute(
        update(FeatureRequestVote)
        .where(gone)
        .values(request_id=into.id)
        .execution_options(**_SILENT)
    )


def _votes(session: Session, idea: FeatureRequest) -> list[FeatureRequestVote]:
    of_idea = FeatureRequestVote.request_id == idea.id
    return list(session.scalars(select(FeatureRequestVote).where(of_idea)))


def _move(session: Session, same: FeatureRequest, into: FeatureRequest) -> None:
    """What was said of it, the tickets that asked for it, and what was merged into it before."""
    already = select(IdeaTicket.ticket_id).where(IdeaTicket.request_id == into.id)
    links = IdeaTicket.request_id == same.id
    moves = (
        delete(IdeaTicket).where(links, IdeaTicket.ticket_id.in_(already)),
        update(IdeaTicket).where(links).values(request_id=into.id),
        update(IdeaComment).where(IdeaComment.request_id == same.id).values(request_id=into.id),
        update(FeatureRequest)
        .where(FeatureRequest.merged_into_id == same.id)
        .values(merged_into_id=into.id),
    )
    for move in moves:
        session.execute(move.execution_options(**_SILENT))
