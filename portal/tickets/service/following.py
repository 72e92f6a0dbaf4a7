"""The customer's word on a ticket: it goes on, it reopens, or it begins a linked one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.core.permissions import Actor
from portal.core.ticket_states import Answer, State, reopen_or_follow_up
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.tickets.models import Ticket
from portal.tickets.service import conversation, filing, history
from portal.tickets.service.conversation import NothingWritten, TooLong, Writing, Written
from portal.tickets.service.filing import Filed, NewTicket


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed the ticket in this very moment; trying again will do."""


@contextmanager
def in_one_piece(session: Session) -> Iterator[None]:
    """Raises ChangedMeanwhile where somebody else's change came in between."""
    try:
        yield
        session.flush()
    except StaleDataError as error:
        raise ChangedMeanwhile from error


def answer_to(session: Session, ticket: Ticket, at: datetime) -> Answer:
    """What the customer's next word does to a ticket that is solved or closed."""
    ended = ticket.closed_at or ticket.resolved_at
    if ticket.state not in {State.RESOLVED, State.CLOSED} or ended is None:
        return Answer.REOPEN
    days = policy.pack_of(session, ticket.policy_version_id).lifecycle.reopen_days
    return reopen_or_follow_up(ended, at, days)


def reply(
    session: Session, pack: Pack, ticket: Ticket, writing: Writing, *, by: Actor, at: datetime
) -> Written | Filed:
    """A `Filed` where the word came too late and began a ticket of its own under `pack`.

    Raises NothingWritten, TooLong, TransitionError or ChangedMeanwhile.
    """
    with in_one_piece(session):
        if answer_to(session, ticket, at) is Answer.REOPEN:
            return conversation.reply_as_customer(session, ticket, writing, by=by, at=at)
        return follow_up(session, pack, ticket, writing, by=by, at=at)


def follow_up(
    session: Session, pack: Pack, ticket: Ticket, writing: Writing, *, by: Actor, at: datetime
) -> Filed:
    """A new ticket that names the one it comes after, and is named there."""
    if not writing.body.strip() and not writing.files:
        raise NothingWritten
    if len(writing.body) > filing.DESCRIPTION_LONGEST:
        raise TooLong
    filed = filing.file_ticket(session, pack, _after(pack, ticket, writing), by=by, at=at)
    if not filed.again:
        number = filed.ticket.number
        history.tell(session, ticket, "followed_up", by=by, at=at, number=number)
    return filed


def _after(pack: Pack, ticket: Ticket, writing: Writing) -> NewTicket:
    """What the former ticket was settled as, where the present support model still knows it."""
    rules = pack.routing
    category = ticket.category if ticket.category in pack.categories else rules.default_category
    known = ticket.severity in pack.severities
    return NewTicket(
        subject=ticket.subject,
        description=writing.body,
        severity=ticket.severity if known else rules.default_severity,
        category=category,
        team=ticket.team if ticket.team in pack.teams else pack.categories[category].teams[0],
        source=ticket.source,
        channel=ticket.channel if ticket.channel in pack.channels else "in_app",
        module=ticket.module,
        files=writing.files,
        confirmed=writing.confirmed,
        key=writing.key,
        follows=ticket,
    )
