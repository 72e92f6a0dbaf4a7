"""One vote a builder: cast, explained, taken back; or cast by staff in a builder's name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts.models import Builder
from portal.community.service.restrictions import refuse_if_restricted
from portal.core.idea_ranking import cooled, warmed
from portal.core.permissions import Actor, Permission
from portal.ideas.models import FeatureRequest, FeatureRequestVote
from portal.ideas.queries import tickets
from portal.ideas.queries import votes as queries
from portal.ideas.service import linking
from portal.ideas.service.holding import hold
from portal.ideas.service.refusals import NobodysVote, NoSuchTicket, NotOpen
from portal.writing.service.masking import masked


@dataclass(frozen=True, slots=True)
class Cast:
    """`fresh`: the builder had none yet."""

    vote: FeatureRequestVote
    fresh: bool


def vote(
    session: Session, idea: FeatureRequest, reason: str = "", *, by: Actor, at: datetime
) -> Cast:
    """For the actor's builder. Whoever has voted there stays the one who did. Raises NobodysVote,
    NotOpen."""
    by.require(Permission.TAKE_PART)
    if by.builder_id is None:
        raise NobodysVote
    refuse_if_restricted(session, by, at=at)
    voice = FeatureRequestVote(
        builder_id=by.builder_id, user_id=by.user_id, user_name=by.name, reason=reason
    )
    return _cast(session, idea, voice, at)


def vote_for(
    session: Session,
    idea: FeatureRequest,
    builder: Builder,
    reason: str,
    ticket_number: int | None = None,
    *,
    by: Actor,
    at: datetime,
) -> Cast:
    """By staff who were told so; whoever asked in the ticket is who wants it. Raises NotOpen,
    NoSuchTicket."""
    by.require(Permission.WORK_TICKETS)
    asked = tickets.at_platform(session, ticket_number) if ticket_number is not None else None
    if ticket_number is not None and (asked is None or asked.builder_id != builder.id):
        raise NoSuchTicket
    voice = FeatureRequestVote(
        builder_id=builder.id,
        user_id=asked.requester_id if asked else None,
        reason=reason,
        on_behalf_by=by.user_id,
        on_behalf_by_name=by.name,
    )
    cast = _cast(session, idea, voice, at)
    if asked is not None:
        linking.link(session, idea, asked, by=by, at=at)
    if cast.fresh:
        about = f"#{idea.number} {idea.title}"
        audit.record(session, "idea.voted_for", by=by, at=at, about=about, builder=builder.slug)
    return cast


def explain(session: Session, idea: FeatureRequest, reason: str, *, by: Actor) -> bool:
    """Why the builder needs it, by any of its people; whether there is a vote to explain."""
    own = own_vote(session, idea.id, by)
    if own is not None:
        own.reason = masked(reason.strip()).text
        session.flush()
    return own is not None


def take_back(session: Session, idea: FeatureRequest, *, by: Actor) -> bool:
    """By any of the builder's people, as long as votes are cast. Raises NotOpen."""
    by.require(Permission.TAKE_PART)
    hold(session, idea)
    own = own_vote(session, idea.id, by)
    if own is None:
        return False
    if not idea.takes_votes:
        raise NotOpen
    _uncast(session, idea, own)
    return True


def take_back_for(
    session: Session, idea: FeatureRequest, key: UUID, *, by: Actor, at: datetime
) -> Builder | None:
    """A vote that staff cast in a builder's name, by staff: whose it was, None where there is none.
    Raises NotOpen."""
    by.require(Permission.WORK_TICKETS)
    hold(session, idea)
    cast = queries.by_key(session, idea.id, key)
    if cast is None or not cast.on_behalf_by_name:
        return None
    if not idea.takes_votes:
        raise NotOpen
    builder = cast.builder
    _uncast(session, idea, cast)
    about = f"#{idea.number} {idea.title}"
    audit.record(session, "idea.vote_withdrawn", by=by, at=at, about=about, builder=builder.slug)
    return builder


def own_vote(session: Session, request_id: UUID, by: Actor | None) -> FeatureRequestVote | None:
    if by is None or by.builder_id is None:
        return None
    return queries.of_builder(session, request_id, by.builder_id)


def _uncast(session: Session, idea: FeatureRequest, cast: FeatureRequestVote) -> None:
    session.delete(cast)
    idea.heat = cooled(idea.heat, cast.created_at, idea.created_at)
    _count(session, idea, -1)


def _cast(session: Session, idea: FeatureRequest, voice: FeatureRequestVote, at: datetime) -> Cast:
    hold(session, idea)
    known = queries.of_builder(session, idea.id, voice.builder_id) if voice.builder_id else None
    if known is not None:
        return Cast(known, fresh=False)
    if not idea.takes_votes:
        raise NotOpen
    voice.request_id, voice.created_at = idea.id, at
    voice.reason = masked(voice.reason.strip()).text
    session.add(voice)
    idea.heat = warmed(idea.heat, at)
    _count(session, idea, +1)
    return Cast(voice, fresh=True)


def _count(session: Session, idea: FeatureRequest, change: int) -> None:
    """Of an idea that is held: nobody else counts meanwhile."""
    idea.vote_count += change
    session.flush()
