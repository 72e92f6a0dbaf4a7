"""A ticket that is really a wish for the product: an idea, with the vote of whoever asked.

The words of a ticket are its builder's, those of an idea everybody's: an agent writes them anew,
and what looks private in them is named first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Desk, Permission
from portal.core.redaction import Private
from portal.core.ticket_states import Verb
from portal.ideas.addresses import idea_path
from portal.ideas.models import FeatureRequest
from portal.ideas.queries.tickets import Asked
from portal.ideas.service import linking, submitting, voting
from portal.ideas.service.holding import hold
from portal.ideas.service.submitting import Words
from portal.notifications.addresses import absolute
from portal.tickets.models import Ticket
from portal.tickets.redacting import language_of, things_in
from portal.tickets.service import conversation, history, parties
from portal.tickets.service.conversation import Writing, Written


class NotOurs(ValueError):
    """The ticket is at a builder's own desk: its wishes are the builder's."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What whoever asked reads, with the idea's address beneath; `key` is the same for every press
    of the same button."""

    words: str
    key: str
    then: Verb
    undo_seconds: int


@dataclass(frozen=True, slots=True)
class Wished:
    """`counted`: the builder had no vote yet; None where there is no builder."""

    idea: FeatureRequest
    counted: bool | None
    written: Written


def begin(
    session: Session,
    ticket: Ticket,
    words: Words,
    reason: str,
    telling: Telling,
    *,
    by: Actor,
    at: datetime,
) -> Wished | None:
    """A new idea in the ticket's language; None where this press was heard before. Raises NotOurs,
    and as `reply_as_agent`."""
    if _was_heard(session, ticket, telling, by):
        return None
    idea = submitting.submit(session, words, language=language_of(ticket), by=by, at=at)
    return _join(session, ticket, idea, reason, telling, by=by, at=at)


def join(
    session: Session,
    ticket: Ticket,
    idea: FeatureRequest,
    reason: str,
    telling: Telling,
    *,
    by: Actor,
    at: datetime,
) -> Wished | None:
    """As `begin`, for one that is there already. Raises NotOurs, NotOpen, and as
    `reply_as_agent`."""
    if _was_heard(session, ticket, telling, by):
        return None
    return _join(session, ticket, idea, reason, telling, by=by, at=at)


def private_in(
    session: Session, ticket: Ticket, edited: Sequence[str], *, at: datetime
) -> Sequence[Private]:
    """What of the ticket's is private and stands in words that are to be everybody's."""
    known = parties.known(session, ticket, parties.who_spoke(session, ticket, at=at))
    return things_in(edited, known, language_of(ticket))


def _was_heard(session: Session, ticket: Ticket, telling: Telling, by: Actor) -> bool:
    by.require(Permission.WORK_TICKETS)
    if ticket.desk != Desk.PLATFORM:
        raise NotOurs
    return conversation.was_said(session, ticket, telling.key) is not None


def _join(
    session: Session,
    ticket: Ticket,
    idea: FeatureRequest,
    reason: str,
    telling: Telling,
    *,
    by: Actor,
    at: datetime,
) -> Wished:
    counted = None
    if ticket.builder is not None:
        cast = voting.vote_for(session, idea, ticket.builder, reason, ticket.number, by=by, at=at)
        counted = cast.fresh
    hold(session, idea)
    asked = Asked(ticket.id, ticket.builder_id, ticket.requester_id)
    linking.link(session, idea, asked, by=by, at=at)
    history.tell(session, ticket, "wished", by=by, at=at, idea=idea.number, title=idea.title)
    words = f"{telling.words.strip()}\n\n{absolute(idea_path(idea.number))}"
    written = conversation.reply_as_agent(
        session,
        ticket,
        Writing(body=words, key=telling.key),
        by=by,
        at=at,
        undo_seconds=telling.undo_seconds,
        then=telling.then,
    )
    return Wished(idea, counted, written)
