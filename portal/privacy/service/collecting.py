"""What is known of a person, as plain values: what they may see themselves, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.audit_words import worded
from portal.accounts.models import User
from portal.core.permissions import SYSTEM
from portal.notifications.kinds import KINDS
from portal.privacy.queries import exports as queries
from portal.privacy.service.participating import community
from portal.tickets.models import Attachment, Message, Ticket
from portal.tickets.queries import conversation
from portal.tickets.queries.conversation import MessageEntry

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, and the builder whose part of them it is (None: everything)."""

    user_id: UUID
    scope: UUID | None


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket of theirs, and the files that they sent with it by the name that they get."""

    facts: Facts
    files: Mapping[str, Attachment] = field(default_factory=dict)


def person(session: Session, whose: Whose) -> Facts:
    """All but the tickets."""
    user = session.get_one(User, whose.user_id)
    memberships = queries.memberships(session, user.id, whose.scope)
    keys = [one.id for one in memberships]
    return {
        "profile": {
            "name": user.name,
            "email": user.email,
            "language": user.locale,
            "time_zone": user.zone,
            "since": _moment(user.created_at),
        },
        "memberships": [
            {
                "company": one.builder.name if one.builder else "",
                "role": one.role,
                "since": _moment(one.created_at),
                "entered": _moment(one.entered_at),
            }
            for one in memberships
        ],
        "former_memberships": [
            {
                "company": one.builder.name if one.builder else "",
                "role": one.role,
                "removed": _moment(one.left_at),
            }
            for one in queries.former_memberships(session, user.id, whose.scope)
        ],
        "sign_ins": [
            {"at": _moment(one.created_at), "browser": one.user_agent}
            for one in queries.sign_ins(session, keys)
        ],
        "tokens": [
            {
                "name": one.name,
                "made": _moment(one.created_at),
                "revoked": _moment(one.revoked_at),
            }
            for one in queries.tokens(session, keys)
        ],
        "notification_settings": [
            {"kind": one.kind, "here": one.in_app, "by_mail": one.mail}
            for one in queries.preferences(session, user.id)
        ],
        "notifications": _notifications(session, whose),
        "drafts": [
            {"place": one.place, "at": _moment(one.updated_at), "fields": one.fields}
            for one in queries.drafts(session, user.id, whose.scope)
        ],
        "acts": [
            {
                "at": _moment(one.at),
                "act": one.act,
                "what": worded(one.act),
                "about": one.about,
            }
            for one in queries.acts(session, user.id, whose.scope)
        ],
        "searches": [
            {"at": _moment(one.at), "words": one.words, "found": one.hits, "where": one.surface}
            for one in queries.searches(session, user.id, whose.scope)
        ],
        "readings": [
            {"at": _moment(one.at), "title": title, "where": one.surface}
            for one, title in queries.readings(session, user.id, whose.scope)
        ],
        "feedback": [
            {
                "at": _moment(one.at),
                "title": title,
                "helpful": one.helpful,
                "reason": one.reason,
                "comment": one.comment,
            }
            for one, title in queries.feedback(session, user.id, whose.scope)
        ],
        "help_asked_for": [
            {"at": _moment(one.at), "page": one.path or one.page_key}
            for one in queries.presses(session, user.id, whose.scope)
        ],
        "messages_elsewhere": [
            {"at": _moment(one.created_at), "text": one.body}
            for one in queries.said_elsewhere(session, user.id, whose.scope)
        ],
        "community": community(session, user.id, whose.scope),
    }


def _notifications(session: Session, whose: Whose) -> list[Facts]:
    return [
        {
            "at": _moment(one.created_at),
            "read": _moment(one.read_at),
            "text": KINDS[one.kind].say(one.facts, datetime.isoformat)
            if one.kind in KINDS
            else one.kind,
        }
        for one in queries.notifications(session, whose.user_id, whose.scope)
    ]


def tickets(session: Session, whose: Whose) -> Sequence[UUID]:
    return queries.asked_tickets(session, whose.user_id, whose.scope)


def case(session: Session, whose: Whose, ticket_id: UUID, now: datetime) -> Case:
    """A ticket with what its asker may read of it."""
    ticket = session.get_one(Ticket, ticket_id)
    files = dict(_named(ticket, queries.own_files(session, whose.user_id, ticket.id)))
    said = conversation.conversation(session, ticket, internal=False, now=now)
    return Case(
        {
            "number": ticket.number,
            "company": ticket.builder.name if ticket.builder else "",
            "subject": ticket.subject,
            "text": ticket.description,
            "status": ticket.status,
            "severity": ticket.severity,
            "category": ticket.category,
            "asked": _moment(ticket.created_at),
            "solved": _moment(ticket.resolved_at),
            "closed": _moment(ticket.closed_at),
            "rating": ticket.csat_rating,
            "comment": ticket.csat_comment,
            "messages": [_message(one, ticket, whose) for one in said],
            "files": list(files),
        },
        files,
    )


def _message(said: Message | MessageEntry, ticket: Ticket, whose: Whose) -> Facts:
    return {
        "at": _moment(said.created_at),
        "by": _name(said, ticket),
        "own": said.sender_id == whose.user_id,
        "text": said.body,
        "files": [one.get("filename", "") for one in said.attachments],
    }


def _name(said: Message | MessageEntry, ticket: Ticket) -> str:
    """A builder's portal speaks in the builder's name, also where nobody wrote."""
    if said.sender_name == SYSTEM.name and ticket.builder is not None:
        return ticket.builder.name
    return said.sender_name


def _named(ticket: Ticket, files: Sequence[Attachment]) -> Iterator[tuple[str, Attachment]]:
    for number, one in enumerate(files, 1):
        yield f"files/{ticket.number}/{number}-{one.filename}", one


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None
