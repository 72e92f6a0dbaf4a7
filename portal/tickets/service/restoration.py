"""Putting back words that were taken for a secret and, their writer says, are none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.core.secrets import marker
from portal.tickets.models import Message, Ticket
from portal.tickets.service import history
from portal.tickets.service.filing import SUBJECT_LONGEST


class Moved(ValueError):
    """The text has changed since: the mark is no longer where it stood."""


@dataclass(frozen=True, slots=True)
class Place:
    """A mark in a text: `kind` of finding, and where in the subject, description or message."""

    field: str  # subject | description | body
    kind: str
    start: int


def put_back(
    session: Session,
    ticket: Ticket,
    message: Message | None,
    place: Place,
    words: str,
    *,
    by: Actor,
    at: datetime,
) -> int:
    """Whoever calls has made sure that `words` are what stood there. Returns by how many
    characters the rest of the text moved. Raises Moved."""
    written: Ticket | Message = message or ticket
    text: str = getattr(written, place.field)
    mark = marker(place.kind)
    if not text.startswith(mark, place.start):
        raise Moved
    whole = text[: place.start] + words + text[place.start + len(mark) :]
    setattr(written, place.field, whole[:SUBJECT_LONGEST] if place.field == "subject" else whole)
    history.tell(session, ticket, "secret_put_back", by=by, at=at, masked=[place.kind])
    return len(words) - len(mark)
