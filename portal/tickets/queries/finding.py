"""Finding a ticket again by its number and by what was said on it, never by what is internal.

The newest of each list that a reader has are looked through, so that the work is the same however
many tickets there are.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, or_, select, union_all
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Desk, Reach
from portal.foundation.numbers import HIGHEST
from portal.tickets.models import Message, Ticket
from portal.tickets.queries.reach import at_desk, reach

NEWEST = 500  # of each list
CANDIDATES = 60
MOST_WORDS = 8
_NUMBER = re.compile(r"#?(\d{1,10})")
_WORD = re.compile(r"\w+")
_PLAIN = frozenset("bdfghjklmpqrtvwxz0123456789")
"""What bears no accent in the languages that are written here."""


class FoundTicket(NamedTuple):
    """`texts` are what whoever asked may read on it, the opening first."""

    id: UUID
    number: int
    subject: str
    status: str
    desk: str
    module: str
    created_at: datetime
    texts: tuple[str, ...]


_COLUMNS = (
    *(getattr(Ticket, name) for name in FoundTicket._fields[:-1]),
    Ticket.description,
)


def find_tickets(
    session: Session, actor: Actor, sought: str, *, now: datetime, most: int = 5
) -> list[FoundTicket]:
    """In the actor's reach: the one with that number; else those, the newest first, in whose
    subject, opening and messages every word begins a word."""
    if number := _NUMBER.fullmatch(sought.strip()):
        return _by_number(session, actor, int(number[1]))
    words = list(dict.fromkeys(map(folded, _WORD.findall(sought))))[:MOST_WORDS]
    if not any(len(word) > 1 for word in words):
        return []
    lists = _lists(actor)
    query = (
        select(lists)
        .where(*(_somewhere(lists, word, now) for word in words))
        .order_by(lists.c.created_at.desc(), lists.c.id.desc())
        .limit(CANDIDATES)
    )
    rows = {row.id: row for row in session.execute(query)}  # one may stand in two lists
    said = _said(session, list(rows), now)
    found = (_found(row, said.get(row.id, ())) for row in rows.values())
    return [one for one in found if stand_in(words, (one.subject, *one.texts))][:most]


def folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def stand_in(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each of the folded words begins a word of one of the texts."""
    text = folded(" ".join(texts))
    return all(re.search(rf"(?<!\w){re.escape(word)}", text) for word in words)


def _found(row: Row[*tuple[Any, ...]], said: Iterable[str]) -> FoundTicket:
    *values, opening = row
    return FoundTicket._make((*values, (opening, *said)))


def _by_number(session: Session, actor: Actor, number: int) -> list[FoundTicket]:
    if number > HIGHEST:
        return []
    query = select(*_COLUMNS).where(reach(actor), Ticket.number == number)
    return [_found(row, ()) for row in session.execute(query)]


def _lists(actor: Actor) -> Subquery:
    """The newest tickets of each list that the actor has, each read in the order of its index."""
    asked = Ticket.requester_id == actor.user_id
    given = Ticket.handler_id == actor.user_id
    of_company = Ticket.builder_id == actor.builder_id
    lists: dict[Reach, Sequence[ColumnElement[bool]]] = {
        Reach.PLATFORM: [at_desk(Desk.PLATFORM)],
        Reach.COMPANY: [and_(of_company, at_desk(desk)) for desk in Desk],
        Reach.TEAM: [and_(of_company, at_desk(Desk.BUILDER)), asked],
        Reach.GIVEN: [given, asked],
        Reach.OWN: [asked],
    }
    newest = (_newest(actor, one).subquery() for one in lists[actor.reach])
    return union_all(*(select(one) for one in newest)).subquery()


def _newest(actor: Actor, listed: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    query = select(*_COLUMNS).where(listed, reach(actor))
    return query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(NEWEST)


def _somewhere(lists: Subquery, word: str, now: datetime) -> ColumnElement[bool]:
    """Roughly: any sign may stand where one could bear an accent."""
    message = select(Message.id).where(
        Message.ticket_id == lists.c.id, *_readable(now), _like(Message.body, word)
    )
    opening = _like(lists.c.subject, word) | _like(lists.c.description, word)
    return or_(opening, message.exists())


def _like(column: Any, word: str) -> ColumnElement[bool]:
    pattern = "".join(sign if sign in _PLAIN else "_" for sign in word)
    condition: ColumnElement[bool] = column.ilike(f"%{pattern}%")
    return condition


def _readable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.is_internal.is_(False),
        Message.withdrawn_at.is_(None),
        Message.leaves_at <= now,
    )


def _said(session: Session, ticket_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[str]]:
    query: Select[*tuple[Any, ...]] = (
        select(Message.ticket_id, Message.body)
        .where(Message.ticket_id.in_(ticket_ids), *_readable(now))
        .order_by(Message.created_at)
    )
    found: dict[UUID, list[str]] = {}
    for ticket_id, body in session.execute(query):
        found.setdefault(ticket_id, []).append(body)
    return found
