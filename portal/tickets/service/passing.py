"""Passing a ticket of a builder's desk up to the platform, on behalf of whoever asked.

What goes up is chosen message by message. It becomes a ticket of the platform's own, asked by the
builder's admin, with its own words and clocks; the client's ticket never learns more of it than
what the builder tells.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import force_locale
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.accounts import service as accounts
from portal.core.permissions import Actor, Desk, Permission
from portal.core.ticket_states import is_active
from portal.foundation.collisions import refusing
from portal.foundation.ids import uuid7
from portal.foundation.speech import gettext as _
from portal.policy.pack import Pack
from portal.policy.wording import locale_of
from portal.tickets import suggestions
from portal.tickets.models import Attachment, Escalation, Ticket
from portal.tickets.queries import conversation, escalations
from portal.tickets.service import filing, history, states
from portal.tickets.service.filing import NewTicket
from portal.writing.service import masking

OPENING = "opening"  # the key of the words that a ticket began with
NOTE_LONGEST = 5_000
WHY_LONGEST = 1_000


class How(StrEnum):
    WHOLE = "whole"
    REDACTED = "redacted"
    LEFT_OUT = "left_out"


class AlreadyPassed(ValueError):
    """The ticket is with the platform already."""


class NothingPassed(ValueError):
    """Neither a message nor a note would go up."""


class NotPassed(ValueError):
    """There is nothing with the platform that could be called or sent back."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message as it might go up: `text` is what would, `files` those that hang on it."""

    key: str  # OPENING, or the message's id
    who: str
    role: str  # customer, agent, system or note
    at: datetime
    text: str
    files: Sequence[Attachment] = ()
    how: How = How.WHOLE


@dataclass(frozen=True, slots=True)
class Passing:
    """What a builder's admin decided. `files` are the ids of those that go along."""

    subject: str
    severity: str
    category: str
    impact: str
    note: str = ""
    pieces: Sequence[Piece] = ()
    files: Collection[UUID] = ()
    tells_progress: bool = False
    key: str = ""


def pieces_of(session: Session, ticket: Ticket, *, at: datetime) -> list[Piece]:
    """The whole conversation, the oldest first; notes stay here unless they are chosen."""
    files = conversation.attachments_of(session, ticket)
    first = Piece(
        OPENING,
        ticket.requester_name,
        "customer",
        ticket.created_at,
        ticket.description,
        files.get(None, ()),
    )
    said = conversation.conversation(session, ticket, internal=True, now=at)
    return [
        first,
        *(
            Piece(
                str(message.id),
                message.sender_name,
                "note" if message.is_internal else message.sender_type,
                message.created_at,
                message.body,
                files.get(message.id, ()),
                How.LEFT_OUT if message.is_internal else How.WHOLE,
            )
            for message in said
        ),
    ]


def pass_up(
    session: Session, pack: Pack, ticket: Ticket, passing: Passing, *, by: Actor, at: datetime
) -> Escalation:
    """`pack` is the platform's. Raises NothingPassed, and AlreadyPassed, after which what was
    written must be rolled back."""
    by.require(Permission.ESCALATE)
    if ticket.desk != Desk.BUILDER or escalations.open_of(session, ticket) is not None:
        raise AlreadyPassed
    going = [piece for piece in passing.pieces if piece.how is not How.LEFT_OUT]
    note = masking.masked(passing.note.strip()).text
    if not note and not any(piece.text.strip() for piece in going):
        raise NothingPassed
    text = as_written(passing.pieces, note, by)
    files = _copied(session, going, passing.files, at=at)
    filed = filing.file_ticket(session, pack, _new(pack, passing, text, files), by=by, at=at)
    escalation = Escalation(
        id=uuid7(),
        ticket_id=ticket.id,
        platform_ticket_id=filed.ticket.id,
        builder_id=ticket.builder_id,
        note=note,
        impact=passing.impact,
        passed=[{"message": piece.key, "how": piece.how.value} for piece in passing.pieces],
        tells_progress=passing.tells_progress,
        by_id=by.user_id,
        by_name=by.name,
        at=at,
    )
    with refusing(session, AlreadyPassed()):
        session.add(escalation)
    number = filed.ticket.number
    history.tell(session, ticket, "passed_up", by=by, at=at, number=number)
    _audit(session, "escalation.sent", ticket, number, by=by, at=at, passed=escalation.passed)
    session.flush()
    return escalation


def _new(pack: Pack, passing: Passing, text: str, files: Sequence[Attachment]) -> NewTicket:
    suggestion = suggestions.propose(pack, f"{passing.subject}\n{text}")
    return NewTicket(
        subject=passing.subject,
        description=text,
        severity=passing.severity,
        category=passing.category,
        team=suggestions.team_for(pack, suggestion, passing.category),
        source="escalation",
        channel="in_app" if "in_app" in pack.channels else next(iter(pack.channels)),
        suggestion=suggestions.to_facts(suggestion),
        files=files,
        key=passing.key,
    )


def as_written(pieces: Sequence[Piece], note: str, by: Actor) -> str:
    """What the platform will read, in the admin's language; whoever asked is named by what they
    are, never by name."""
    going = [piece for piece in pieces if piece.how is not How.LEFT_OUT]
    parts = [note] if note else []
    with force_locale(str(locale_of(by.locale))):
        parts += [
            f"**{_speaker(piece)} · {_moment(piece.at, by)}**\n\n{piece.text}" for piece in going
        ]
    return "\n\n---\n\n".join(parts)


def _speaker(piece: Piece) -> str:
    match piece.role:
        case "customer":
            return str(_("Who asked us"))
        case "note":
            return str(_("Our own note"))
        case _:
            return str(_("Our answer"))


def _moment(at: datetime, by: Actor) -> str:
    locale = locale_of(by.locale)
    return str(format_datetime(at.astimezone(ZoneInfo(by.zone)), "medium", locale=locale))


def _copied(
    session: Session, going: Sequence[Piece], chosen: Collection[UUID], *, at: datetime
) -> list[Attachment]:
    """Rows of the platform's ticket for the same stored files: each has its own readers."""
    copies = [
        Attachment(
            builder_id=file.builder_id,
            uploaded_by=file.uploaded_by,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            storage_key=file.storage_key,
            preview_key=file.preview_key,
            width=file.width,
            height=file.height,
            created_at=at,
        )
        for piece in going
        for file in piece.files
        if file.id in chosen
    ]
    session.add_all(copies)
    session.flush()
    return copies


def pass_by_itself(
    session: Session, pack: Pack, ticket: Ticket, *, tells_progress: bool, at: datetime
) -> Escalation | None:
    """Where the builder wants it so: the whole of a platform issue goes up as it came, in the name
    of who runs the company. None, where nobody does, or somebody was faster by hand."""
    if escalations.open_of(session, ticket) is not None:
        return None
    someone = escalations.first_in_charge(session, ticket.builder_id) if ticket.builder_id else None
    if someone is None:
        return None
    by = accounts.actor(someone, None)
    suggestion = suggestions.propose(pack, f"{ticket.subject}\n{ticket.description}")
    passing = Passing(
        subject=ticket.subject,
        severity=suggestion.severity,
        category=suggestion.category,
        impact="one",
        pieces=pieces_of(session, ticket, at=at),
        files={
            file.id
            for files in conversation.attachments_of(session, ticket).values()
            for file in files
        },
        tells_progress=tells_progress,
    )
    return pass_up(session, pack, ticket, passing, by=by, at=at)


def recall(session: Session, ticket: Ticket, why: str, *, by: Actor, at: datetime) -> Escalation:
    """The builder settles it after all; the platform's ticket is closed. Raises NotPassed."""
    by.require(Permission.ESCALATE)
    escalation = escalations.open_of(session, ticket)
    if escalation is None:
        raise NotPassed
    reason = masking.masked(why.strip()[:WHY_LONGEST]).text
    _end(escalation, "recalled", reason, by=by, at=at)
    platform = escalation.platform_ticket
    history.tell(session, ticket, "recalled", by=by, at=at, number=platform.number, reason=reason)
    if is_active(platform.state):
        states.close(session, platform, by=by, at=at, reason=reason)
    _audit(session, "escalation.recalled", ticket, platform.number, by=by, at=at, why=reason)
    session.flush()
    return escalation


def send_back(
    session: Session, platform: Ticket, why: str, *, by: Actor, at: datetime
) -> Escalation:
    """The platform won't take it, and says why to the builder. Raises NotPassed."""
    by.require(Permission.WORK_TICKETS)
    escalation = escalations.behind(session, platform)
    if escalation is None or escalation.state != "open":
        raise NotPassed
    reason = masking.masked(why.strip()[:WHY_LONGEST]).text
    _end(escalation, "refused", reason, by=by, at=at)
    if is_active(platform.state):
        states.close(session, platform, by=by, at=at, reason=reason)
    ticket = escalation.ticket
    history.tell(session, ticket, "sent_back", by=by, at=at, number=platform.number, reason=reason)
    _audit(session, "escalation.refused", ticket, platform.number, by=by, at=at, why=reason)
    session.flush()
    return escalation


def _end(escalation: Escalation, state: str, why: str, *, by: Actor, at: datetime) -> None:
    escalation.state, escalation.ended_at = state, at
    escalation.ended_by, escalation.ended_why = by.name, why


def _audit(
    session: Session,
    act: str,
    ticket: Ticket,
    number: int,
    *,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> None:
    about = f"#{ticket.number} → #{number}"
    audit.record(session, act, by=by, at=at, builder_id=ticket.builder_id, about=about, **facts)
