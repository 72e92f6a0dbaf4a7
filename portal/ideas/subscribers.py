"""Who hears of what becomes of an idea, and of what is said of it."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation import outbox
from portal.foundation.outbox import Event, Handler
from portal.ideas.addresses import idea_path
from portal.ideas.happenings import COMMENTED, MOVED
from portal.ideas.models import FeatureRequest, IdeaStatusChange, Status
from portal.ideas.queries import talk, wanting
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


def tell_of_comment(session: Session, happened: Event) -> None:
    found = talk.comment_by_key(session, UUID(happened.payload["comment_id"]))
    if found is None:
        return
    idea, said = found
    notify(
        session,
        talk.talking(session, idea) - {said.author_id},
        "idea_comment",
        facts={"by": said.author_name, "subject": idea.title},
        url=f"{idea_path(idea.number)}#comment-{said.id}",
        at=happened.at,
        event_id=happened.id,
    )


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    MOVED: (tell_voters,),
    COMMENTED: (tell_of_comment,),
}
