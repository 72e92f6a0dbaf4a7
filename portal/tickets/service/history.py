"""The timeline of a ticket: every change with who, when and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.sla import What
from portal.foundation import outbox
from portal.foundation.ids import uuid7
from portal.tickets.models import Ticket, TicketEvent

# what only staff may read on the timeline
INTERNAL = frozenset(
    {
        "noted",
        "article_begun",
        "managers_told",
        "reply_withdrawn",
        "assigned",
        "released",
        "handed",
        "passed_up",
        "news_from_above",
        "recalled",
        "sent_back",
        "warned",
        "breached",
        "escalated",
        "paged",
        "page_accepted",
        "page_acknowledged",
        "page_failed",
        "page_fallback",
        "success_flagged",
        "checked",
        "unchecked",
        "triaged",
        "snoozed",
        "woken",
    }
)


def tell(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    heard: Iterable[What] = (),
    **facts: Any,
) -> TicketEvent:
    """Write down one change and record it for the subscribers as `ticket.<kind>`."""
    event = note(session, ticket, kind, by=by, at=at, heard=heard, **facts)
    announce(session, ticket, kind, by=by, at=at, event_id=str(event.id), **facts)
    return event


def note(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    heard: Iterable[What] = (),
    **facts: Any,
) -> TicketEvent:
    """Write down a change that nobody reacts to; `heard` is what it tells the clocks."""
    event = TicketEvent(
        id=uuid7(),  # known before it is written: a sweep writes hundreds at once
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        kind=kind,
        at=at,
        by_id=by.user_id,
        by_name=by.name,
        is_internal=kind in INTERNAL,
        heard=",".join(heard),
        facts=facts,
    )
    session.add(event)
    ticket.updated_at = at
    return event


def announce(
    session: Session,
    ticket: Ticket,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    not_before: datetime | None = None,
    **facts: Any,
) -> None:
    outbox.record(
        session,
        f"ticket.{kind}",
        at=at,
        builder_id=ticket.builder_id,
        not_before=not_before,
        ticket_id=str(ticket.id),
        by_id=str(by.user_id) if by.user_id else None,
        by_role=by.role,
        by_staff=by.is_staff,
        **facts,
    )
