"""What follows when something becomes of an idea: whoever wants it is told."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.addresses import idea_path
from portal.ideas.happenings import MOVED
from portal.ideas.models import FeatureRequest, IdeaStatusChange, Status
from portal.ideas.queries import wanting
from portal.notifications.service import notify

SOME: Final = 20  # people an event: each may be a letter, and all of it is one transaction
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
    if told.get("told_by"):
        return
    change = session.get(IdeaStatusChange, UUID(told["change_id"]))
    idea = session.get(FeatureRequest, UUID(told["request_id"]))
    if idea is None or change is None or idea.is_internal or change.to_status not in KINDS:
        return
    first = UUID(told["first"]) if "first" in told else happened.id
    last = UUID(told["after"]) if "after" in told else None
    people = wanting.people(session, [idea.id], last, SOME)
    notify(
        session,
        set(people) - {change.by_id},
        KINDS[change.to_status],
        facts={"number": idea.number, "subject": idea.title, "reason": change.note},
        url=idea_path(idea.number),
        at=happened.at,
        event_id=first,
    )
    if len(people) == SOME:
        further = {**told, "first": str(first), "after": str(people[-1])}
        outbox.record(session, MOVED, at=happened.at, builder_id=None, **further)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {MOVED: (tell_voters,)}
