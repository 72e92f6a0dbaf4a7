"""An article begun from a ticket: the question and what answered it, without what is private.

Only what whoever asked may read themselves can become part of it, never a note.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from portal.core.audience import Audience
from portal.core.permissions import Actor, Desk, Permission
from portal.foundation.storage import Store
from portal.kb.models import Draft, KbFile
from portal.kb.service import drafting, files
from portal.kb.service.drafting import Placing, Text
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries import conversation
from portal.tickets.queries.conversation import EventEntry, MessageEntry
from portal.tickets.service import history
from portal.tickets.service.copies import as_upload

OPENING: Final = "opening"
OUTCOME: Final = "outcome"
TITLE: Final = "title"


class Unanswered(ValueError):
    """Nobody has answered yet: there is nothing to tell others."""


class Elsewhere(ValueError):
    """The ticket is at a builder's own desk, whose words are the builder's."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of the conversation; `answers`: it is ours. `proposed` ones are in the article unless
    an agent decides otherwise."""

    key: str
    who: str
    at: datetime
    text: str
    answers: bool
    proposed: bool


@dataclass(frozen=True, slots=True)
class Making:
    """What an agent made of it. `question` and `answer` are Markdown without what is private."""

    title: str
    question: str
    answer: str
    language: str
    audience: Audience
    module: str
    pictures: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Headings:
    """In the language of the article."""

    question: str
    answer: str
    picture: str


def pieces_of(session: Session, ticket: Ticket, *, at: datetime) -> list[Piece]:
    """The oldest first. Raises Elsewhere and Unanswered."""
    if ticket.desk != Desk.PLATFORM:
        raise Elsewhere
    said = conversation.conversation(session, ticket, internal=False, now=at)
    pieces = list(_pieces(ticket, said, conversation.timeline(session, ticket)))
    if not any(piece.answers for piece in pieces):
        raise Unanswered
    return pieces


def _pieces(
    ticket: Ticket, said: Sequence[MessageEntry], events: Sequence[EventEntry]
) -> Iterator[Piece]:
    yield Piece(
        OPENING,
        ticket.requester_name,
        ticket.created_at,
        ticket.description,
        answers=False,
        proposed=True,
    )
    answers = [message for message in said if message.sender_type == "agent" and message.body]
    last = answers[-1] if answers else None
    for message in said:
        if message.sender_type != "system" and message.body:
            yield Piece(
                str(message.id),
                message.sender_name,
                message.created_at,
                message.body,
                answers=message.sender_type == "agent",
                proposed=message is last,
            )
    outcomes = [e for e in events if e.kind == "resolved" and e.facts.get("outcome")]
    for event in outcomes[-1:]:
        text = str(event.facts["outcome"])
        yield Piece(OUTCOME, event.by_name, event.at, text, answers=True, proposed=True)


def pictures_of(session: Session, ticket: Ticket) -> list[Attachment]:
    """What could go along, of those files that are no note's."""
    said = conversation.conversation(session, ticket, internal=False, now=ticket.updated_at)
    own = {None, *(message.id for message in said)}
    files_of = conversation.attachments_of(session, ticket)
    return [file for key, found in files_of.items() if key in own for file in found if file.width]


def begin(
    session: Session,
    store: Store,
    ticket: Ticket,
    making: Making,
    headings: Headings,
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> Draft:
    """Raises BadText, Elsewhere, and as `files.keep_picture`."""
    by.require(Permission.WRITE_ARTICLES)
    if ticket.desk != Desk.PLATFORM:
        raise Elsewhere
    kept = [
        _copy(session, store, picture, number, by=by, at=at, limit=limit)
        for number, picture in enumerate(making.pictures, 1)
    ]
    placing = Placing(
        module_tag=making.module,
        audience=making.audience,
        original_language=making.language,
        source_ticket_id=ticket.id,
    )
    text = Text("", making.title, body=_body(making, headings, kept))
    draft = drafting.begin(session, placing, making.language, text, by=by, at=at)
    facts: dict[str, Any] = {"article": str(draft.article_id), "title": draft.title}
    history.tell(session, ticket, "article_begun", by=by, at=at, **facts)
    return draft


def _body(making: Making, headings: Headings, pictures: Sequence[KbFile]) -> str:
    parts = []
    if making.question.strip():
        parts += [f"## {headings.question}", making.question.strip()]
    parts += [f"## {headings.answer}", making.answer.strip()]
    parts += [f"![{headings.picture}](/kb/files/{file.id}/{file.filename})" for file in pictures]
    return "\n\n".join(parts)


def _copy(
    session: Session,
    store: Store,
    picture: Attachment,
    number: int,
    *,
    by: Actor,
    at: datetime,
    limit: int,
) -> KbFile:
    with as_upload(store, picture, number) as upload:
        return files.keep_picture(session, store, upload, by=by, at=at, limit=limit)
