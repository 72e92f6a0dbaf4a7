"""Opening a ticket: one per press, its promise written down with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Desk, Permission
from portal.core.secrets import Finding
from portal.core.sla import What
from portal.foundation import bulk, numbers
from portal.foundation.ids import uuid7
from portal.policy import service as policy
from portal.policy.pack import Pack
from portal.tickets.models import Attachment, ClockRow, Ticket
from portal.tickets.queries import reach
from portal.tickets.service import attachments, clocks, history, sweeping
from portal.writing.service import masking

SUBJECT_LONGEST = 300
DESCRIPTION_LONGEST = 50_000
TICKETS = "ticket"  # whose numbers are drawn


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a form or a program says; category, severity and team settle the suggestion."""

    subject: str
    description: str
    severity: str
    category: str
    team: str
    source: str
    channel: str
    module: str = ""
    intent: str = ""
    suggestion: Mapping[str, Any] = field(default_factory=dict)
    context_url: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[Attachment] = ()
    confirmed: Collection[str] = ()
    key: str = ""  # the same for every press of the same button
    follows: Ticket | None = None
    guest_name: str = ""
    guest_email: str = ""
    visitor: str = ""  # by which what they read before is known


@dataclass(frozen=True, slots=True)
class Filed:
    """`clocks` are those that a new ticket starts with."""

    ticket: Ticket
    masked: tuple[Finding, ...] = ()
    again: bool = False
    in_subject: int = 0  # how many of `masked`, the first ones, stand in the subject
    clocks: tuple[ClockRow, ...] = ()


def file_ticket(session: Session, pack: Pack, new: NewTicket, *, by: Actor, at: datetime) -> Filed:
    """Raises UnknownName for a severity or channel that the pack does not have."""
    by.require(Permission.CREATE_TICKETS)
    subject = masking.masked(" ".join(new.subject.split()), new.confirmed)
    description = masking.masked(new.description.replace("\r\n", "\n").strip(), new.confirmed)
    ticket = _ticket(pack, new, by, at, subject.text[:SUBJECT_LONGEST], description.text)
    # the number first: until the commit nobody else gets one, so that no two can file one press
    ticket.number = numbers.next_number(session, TICKETS)
    if new.key and (known := reach.submitted(session, by.user_id, new.key)) is not None:
        numbers.give_back(session, TICKETS)
        return Filed(known, again=True)
    ticket.policy_version_id = policy.version_id(session, pack, at)
    masked = (*subject.findings, *description.findings)
    rows = _write(session, pack, ticket, new, masked, by, at)
    return Filed(
        ticket, masked, in_subject=len(subject.findings), clocks=tuple(rows.clocks.values())
    )


def _ticket(
    pack: Pack, new: NewTicket, by: Actor, at: datetime, subject: str, description: str
) -> Ticket:
    """Still without its number and the version of its support model."""
    return Ticket(
        id=uuid7(),
        builder_id=by.builder_id,
        desk=by.asks,
        requester_id=by.user_id,
        requester_name=by.name or new.guest_name,
        requester_email=by.email or new.guest_email,
        requester_role=by.role,
        locale=by.locale,
        zone=by.zone,
        subject=subject,
        description=description,
        severity=pack.severity(new.severity).key,
        category=new.category,
        module=new.module,
        team=new.team,
        intent=new.intent,
        suggestion=dict(new.suggestion),
        escalation_tier=1,
        source=new.source,
        channel=pack.channel(new.channel).key,
        context_url=new.context_url,
        context_metadata=dict(new.context),
        plan=by.plan if by.asks is Desk.PLATFORM else "",
        submission_key=new.key or None,
        follows_id=new.follows.id if new.follows else None,
        created_at=at,
        updated_at=at,
    )


def _write(
    session: Session,
    pack: Pack,
    ticket: Ticket,
    new: NewTicket,
    masked: Iterable[Finding],
    by: Actor,
    at: datetime,
) -> clocks.Rows:
    rows = clocks.start(session, pack, ticket, at=at)
    session.add(ticket)
    facts: dict[str, Any] = {
        "severity": ticket.severity,
        "source": ticket.source,
        "follows": new.follows.number if new.follows else None,
        "masked": [finding.kind for finding in masked],
    }
    event = history.note(session, ticket, "opened", by=by, at=at, heard=(What.OPENED,), **facts)
    # whose browser it was is for those who hear of it now, not for the timeline
    told = {"event_id": str(event.id), "visitor": new.visitor, **facts}
    history.announce(session, ticket, "opened", by=by, at=at, **told)
    session.flush()
    attachments.tie(new.files, ticket)
    ripe = sweeping.ripe(rows.steps.values(), at=at)
    bulk.write(session, rows)
    sweeping.fire(session, ticket, ripe, at=at)
    return rows
