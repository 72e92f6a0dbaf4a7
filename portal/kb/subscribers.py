"""What follows when articles are published, submitted, sent back or grow old; and when somebody
asks who had read some."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.foundation.outbox import Event, Handler
from portal.kb.happenings import PUBLISHED
from portal.kb.queries import editing, review
from portal.kb.service import asking
from portal.kb.service.reviewing import DUE, RETURNED, SUBMITTED
from portal.notifications.service import notify

ARTICLES = "/articles"
PASSED_UP = "escalation"  # asked by somebody on another's behalf


def tell_publishers(session: Session, happened: Event) -> None:
    """But not whoever submitted it themselves."""
    author = UUID(happened.payload["by"])
    people = [person for person in review.publishers(session) if person != author]
    _tell(session, happened, people, "article_submitted")


def tell_author(session: Session, happened: Event) -> None:
    author = happened.payload["author"]
    if author and author != happened.payload["by"]:
        _tell(session, happened, [UUID(author)], "article_returned")


def tell_due(session: Session, happened: Event) -> None:
    notify(
        session,
        review.publishers(session),
        "article_review_due",
        facts={"count": happened.payload["count"], "subject": happened.payload["title"]},
        url=f"{ARTICLES}?state=due",
        at=happened.at,
        event_id=happened.id,
    )


def _tell(session: Session, happened: Event, people: Sequence[UUID], kind: str) -> None:
    draft = editing.draft_of(session, UUID(happened.payload["article_id"]))
    if draft is None:
        return
    notify(
        session,
        people,
        kind,
        facts={
            "by": happened.payload["by_name"],
            "subject": draft.title,
            "reason": happened.payload.get("reason", ""),
        },
        url=f"{ARTICLES}/{draft.article_id}",
        at=happened.at,
        event_id=happened.id,
    )


def mark_readings(session: Session, happened: Event) -> None:
    """Whoever asks within a day of reading was not helped by it."""
    told = happened.payload
    if told.get("source") == PASSED_UP:
        return
    by = UUID(told["by_id"]) if told.get("by_id") else None
    ticket, visitor = UUID(told["ticket_id"]), told.get("visitor") or ""
    asking.mark(session, ticket, by=by, visitor=visitor, at=happened.at)


def relink(session: Session, happened: Event) -> None:
    """The renderer is loaded with the first article that has moved."""
    if happened.payload["elsewhere"]:
        from portal.kb.service import relinking

        relinking.relink(session, happened)


SUBSCRIBERS: Mapping[str, Sequence[Handler]] = {
    PUBLISHED: (relink,),
    SUBMITTED: (tell_publishers,),
    RETURNED: (tell_author,),
    DUE: (tell_due,),
    "ticket.opened": (mark_readings,),
}
