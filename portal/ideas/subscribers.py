"""What follows when something becomes of an idea: whoever wants it is told."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.addresses import idea_path
from portal.ideas.happenings import MOVED
from portal.ideas.models import FeatureRequest, FeatureRequestVote, IdeaStatusChange, Status
from portal.ideas.queries import tickets
from portal.ideas.queries import votes as queries
from portal.notifications.service import notify

SOME: Final = 20  # votes an event: each may be a letter, and all of it is one transaction
KINDS: Final[Mapping[str, str]] = {
    Status.UNDER_REVIEW: "idea_under_review",
    Status.PLANNED: "idea_planned",
    Status.IN_PROGRESS: "idea_in_progress",
    Status.SHIPPED: "idea_shipped",
    Status.DECLINED: "idea_declined",
}


def tell_voters(session: Session, happened: Event) -> None:
    """Some of them; an event of its own tells the next, in the name of the first, by which each
    person is told once."""
    told = happened.payload
    change = session.get(IdeaStatusChange, UUID(told["change_id"]))
    idea = session.get(FeatureRequest, UUID(told["request_id"]))
    if idea is None or change is None or idea.is_internal or change.to_status not in KINDS:
        return
    first = UUID(told["first"]) if "first" in told else happened.id
    last = UUID(told["after"]) if "after" in told else None
    votes = queries.after(session, idea.id, last, SOME)
    people = _people(session, votes) | ({idea.submitted_by} if last is None else set())
    if last is None and idea.source_ticket_id is not None:
        people |= tickets.requesters(session, [idea.source_ticket_id])
    notify(
        session,
        people - {change.by_id},
        KINDS[change.to_status],
        facts={"number": idea.number, "subject": idea.title, "reason": change.note},
        url=idea_path(idea.number),
        at=happened.at,
        event_id=first,
    )
    if len(votes) == SOME:
        further = {**told, "first": str(first), "after": str(votes[-1].id)}
        outbox.record(session, MOVED, at=happened.at, builder_id=None, **further)


def _people(session: Session, votes: Sequence[FeatureRequestVote]) -> set[UUID | None]:
    """Who voted, and who asked in the tickets for which staff did."""
    asked = [vote.source_ticket_id for vote in votes if vote.source_ticket_id is not None]
    return {vote.user_id for vote in votes} | tickets.requesters(session, asked)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {MOVED: (tell_voters,)}
