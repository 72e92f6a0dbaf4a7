"""Articles for an answer: found with the desk's own eyes, opened with those of whoever asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.branding import letterheads
from portal.core.audience import Reader, reader_of
from portal.core.permissions import Actor, Role
from portal.foundation.runtime import current_runtime
from portal.kb.addresses import article_path
from portal.kb.queries import reading
from portal.notifications.addresses import absolute
from portal.search import service as search
from portal.search.documents import Question
from portal.tickets.models import Ticket
from portal.tickets.redacting import language_of

MOST: Final = 5
MOST_LINKS: Final = 50  # of a text that are looked at
LONGEST: Final = 300
_LINK = re.compile(rf"/kb/({'|'.join(LOCALES)})/([a-z0-9][a-z0-9-]{{0,199}})(?![\w/-])")
_EVERYTHING = Reader(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Recommended:
    """`link` is Markdown with the address where whoever asked reads; `open`: they may."""

    id: UUID
    title: str
    summary: str
    path: str
    link: str
    language: str
    open: bool


class ClosedLinks(ValueError):
    """Whoever asked could not open these articles; `titles` are what they are called."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


def recipient(ticket: Ticket) -> Reader:
    """Whoever asked, where they read: clients and vendors at their builder's portal."""
    known = ticket.requester_role in set(Role) and ticket.requester_role != Role.GUEST
    return Reader(Role(ticket.requester_role) if known else None, at_portal=ticket.at_builder)


def recommended(
    session: Session, ticket: Ticket, words: str, *, by: Actor, most: int = MOST
) -> list[Recommended]:
    """For these words, else for those of the ticket; in its language, as far as there are any."""
    sought = words.strip() or f"{ticket.subject} {ticket.description}"
    question = Question(
        " ".join(sought.split())[:LONGEST],
        language_of(ticket),
        kinds=("article",),
        module=ticket.module,
        role=ticket.requester_role,
        typing=bool(words.strip()),
        limit=most,
    )
    found = search.find(session, question, reader_of(by, at_portal=False))
    root, asked = _root(session, ticket), recipient(ticket)
    result = []
    for hit in found.hits:
        row = reading.article_by_id(session, _EVERYTHING, hit.id)
        if row is None:
            continue
        path = article_path(row.language, row.slug)
        link = f"[{_plain(row.title)}]({absolute(path, root)})"
        is_open = reading.article_by_id(session, asked, hit.id) is not None
        result.append(
            Recommended(row.id, row.title, row.summary, path, link, row.language, is_open)
        )
    return result


def refuse_closed_links(session: Session, ticket: Ticket, text: str) -> None:
    """Raises ClosedLinks."""
    asked = recipient(ticket)
    closed = [
        row.title
        for language, slug in _links(text)
        if (row := reading.article(session, _EVERYTHING, language, slug)) is not None
        and reading.article(session, asked, language, slug) is None
    ]
    if closed:
        raise ClosedLinks(closed)


def _links(text: str) -> Iterator[tuple[str, str]]:
    if "/kb/" in text:
        yield from list(dict.fromkeys(_LINK.findall(text)))[:MOST_LINKS]


def _root(session: Session, ticket: Ticket) -> str:
    """ "" is the platform's."""
    if not ticket.at_builder or ticket.builder_id is None:
        return ""
    return letterheads.root_of(session, current_runtime().settings, ticket.builder_id)


def _plain(title: str) -> str:
    """Without what would end the words of a link."""
    return re.sub(r"([\[\]\\])", r"\\\1", title)
