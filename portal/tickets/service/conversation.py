"""Writing on a ticket: replies, notes, second thoughts and edits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.secrets import Finding
from portal.core.sla import What
from portal.core.ticket_states import State, Verb, is_active
from portal.foundation.markup import mentions_in
from portal.tickets import recommending
from portal.tickets.models import Attachment, Message, MessageVersion, Ticket, TicketEvent
from portal.tickets.service import attachments, clocks, history, states
from portal.writing.service import drafts, masking

EDIT_WINDOW = timedelta(minutes=15)
LONGEST = 50_000


class NothingWritten(ValueError):
    """Neither words nor files."""


class TooLong(ValueError):
    """More than LONGEST characters."""


class TooLate(ValueError):
    """The reply has left, or the window for edits is over."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What a person sends: words, files, and which masked finds they say are no secrets."""

    body: str
    files: Sequence[Attachment] = ()
    confirmed: Collection[str] = ()
    template: str = ""
    key: str = ""  # the same for every press of the same button


@dataclass(frozen=True, slots=True)
class Written:
    message: Message
    masked: tuple[Finding, ...]
    again: bool = False  # this press had been heard before


def reply_as_customer(
    session: Session, ticket: Ticket, writing: Writing, *, by: Actor, at: datetime
) -> Written:
    """The customer's words restart the clocks, and reopen what was resolved or closed."""
    if (earlier := _earlier(session, ticket, writing)) is not None:
        return earlier
    message, masked = _write(session, ticket, writing, "customer", by=by, at=at)
    verb = Verb.REOPEN if ticket.state is State.CLOSED else Verb.REPLY_BY_CUSTOMER
    reopens = not is_active(ticket.state)
    facts: dict[str, Any] = {"message_id": str(message.id)}
    states.move(session, ticket, verb, "customer_replied", by=by, at=at, **facts)
    clocks.recompute(session, ticket, at=at)
    history.announce(session, ticket, "customer_replied", by=by, at=at, **facts)
    if reopens:
        history.tell(session, ticket, "reopened", by=by, at=at, times=ticket.reopened_count)
    return Written(message, masked)


def reply_as_agent(
    session: Session,
    ticket: Ticket,
    writing: Writing,
    *,
    by: Actor,
    at: datetime,
    undo_seconds: int,
    then: Verb = Verb.REPLY_BY_AGENT,
    next_update: datetime | None = None,
) -> Written:
    """Leaves after `undo_seconds`. `then` is REPLY_BY_AGENT, ASK_CUSTOMER or RESOLVE. Raises
    ClosedLinks for articles that the customer could not open."""
    if (earlier := _earlier(session, ticket, writing)) is not None:
        return earlier
    recommending.refuse_closed_links(session, ticket, writing.body)
    leaves = at + timedelta(seconds=undo_seconds)
    message, masked = _write(session, ticket, writing, "agent", by=by, at=at, leaves=leaves)
    facts: dict[str, Any] = {"message_id": str(message.id)}
    answer = Verb.REPLY_BY_AGENT if then is Verb.RESOLVE else then
    states.move(session, ticket, answer, "agent_replied", by=by, at=at, **facts)
    history.announce(session, ticket, "agent_replied", by=by, at=at, not_before=leaves, **facts)
    if next_update is not None:
        until = next_update.isoformat()
        history.note(
            session,
            ticket,
            "update_promised",
            by=by,
            at=at,
            heard=(What.PROMISED,),
            until=until,
            **facts,
        )
    if then is Verb.RESOLVE:
        states.move(session, ticket, Verb.RESOLVE, "resolved", by=by, at=at, **facts)
        history.announce(session, ticket, "resolved", by=by, at=at, not_before=leaves, **facts)
    clocks.recompute(session, ticket, at=at)
    return Written(message, masked)


def note(session: Session, ticket: Ticket, writing: Writing, *, by: Actor, at: datetime) -> Written:
    """For staff alone: no clock hears it."""
    if (earlier := _earlier(session, ticket, writing)) is not None:
        return earlier
    message, masked = _write(session, ticket, writing, "agent", by=by, at=at, internal=True)
    facts: dict[str, Any] = {"message_id": str(message.id), "mentions": message.mentions}
    history.tell(session, ticket, "noted", by=by, at=at, **facts)
    return Written(message, masked)


def withdraw(
    session: Session, ticket: Ticket, message: Message, *, by: Actor, at: datetime
) -> None:
    """Take a reply back before it leaves; its words return as the writer's draft."""
    if message.sender_id != by.user_id or at >= message.leaves_at or message.withdrawn_at:
        raise TooLate
    message.withdrawn_at = at
    states.undo(session, ticket, _moves_of(session, ticket, message.id), at=at)
    history.tell(session, ticket, "reply_withdrawn", by=by, at=at, message_id=str(message.id))
    place = drafts.place_of(ticket.id, "reply")
    drafts.save(session, place, {"body": message.body}, by=by, at=at)
    clocks.recompute(session, ticket, at=at)


def _moves_of(session: Session, ticket: Ticket, message_id: UUID) -> list[TicketEvent]:
    events = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    )
    about = [event for event in events if event.facts.get("message_id") == str(message_id)]
    return [event for event in about if "former" in event.facts]


def edit(
    session: Session,
    ticket: Ticket,
    message: Message,
    body: str,
    *,
    confirmed: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> tuple[Finding, ...]:
    """Own words, within EDIT_WINDOW; what they were stays readable."""
    if message.sender_id != by.user_id or at > message.created_at + EDIT_WINDOW:
        raise TooLate
    masked = masking.masked(_checked(body, message.attachments), confirmed)
    session.add(
        MessageVersion(
            message_id=message.id,
            builder_id=message.builder_id,
            body=message.body,
            replaced_at=at,
            replaced_by=by.user_id,
        )
    )
    message.body, message.edited_at = masked.text, at
    history.tell(session, ticket, "message_edited", by=by, at=at, message_id=str(message.id))
    return tuple(masked.findings)


def was_said(session: Session, ticket: Ticket, key: str) -> Message | None:
    """What came of a form's first press."""
    if not key:
        return None
    return session.scalar(
        select(Message).where(Message.ticket_id == ticket.id, Message.submission_key == key)
    )


def _earlier(session: Session, ticket: Ticket, writing: Writing) -> Written | None:
    message = was_said(session, ticket, writing.key)
    return None if message is None else Written(message, (), again=True)


def _checked(body: str, files: Sequence[object]) -> str:
    if not body.strip() and not files:
        raise NothingWritten
    if len(body) > LONGEST:
        raise TooLong
    return body.replace("\r\n", "\n").strip()


def _write(
    session: Session,
    ticket: Ticket,
    writing: Writing,
    sender_type: str,
    *,
    by: Actor,
    at: datetime,
    leaves: datetime | None = None,
    internal: bool = False,
) -> tuple[Message, tuple[Finding, ...]]:
    masked = masking.masked(_checked(writing.body, writing.files), writing.confirmed)
    message = Message(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        sender_type=sender_type,
        sender_id=by.user_id,
        sender_name=by.name,
        body=masked.text,
        attachments=[attachments.fact(file) for file in writing.files],
        is_internal=internal,
        template=writing.template,
        mentions=mentions_in(masked.text),
        submission_key=writing.key or None,
        leaves_at=leaves or at,
        created_at=at,
    )
    session.add(message)
    session.flush()
    attachments.tie(writing.files, ticket, message)
    drafts.forget(session, drafts.place_of(ticket.id, "note" if internal else "reply"), by=by)
    return message, tuple(masked.findings)
