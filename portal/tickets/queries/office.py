"""Lists of a builder's own desk: what its clients and vendors asked it."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.accounts.models import User
from portal.core.permissions import Actor, Desk
from portal.foundation.keyset import newest_first, soonest_first
from portal.foundation.paging import Cursor, Page
from portal.policy.desk_model import PLATFORM_ISSUE
from portal.tickets.models import CannedReply, Escalation, Ticket
from portal.tickets.queries.entries import BY_AGE, BY_URGENCY, OfficeEntry
from portal.tickets.queries.reach import at_desk, reach

PAGE_ROWS = 25
COUNT_TO = 1000
Condition = ColumnElement[bool] | InstrumentedAttribute[bool]


class View(StrEnum):
    OPEN = "open"
    MINE = "mine"
    FREE = "free"
    ISSUES = "issues"  # with what they sign in to, not with their house
    DONE = "done"


_HANDLER = aliased(User)
_ENTRIES: Select[*tuple[Any, ...]] = (
    select(
        *(getattr(Ticket, name) for name in OfficeEntry._fields[:-2]),
        _HANDLER.name,
        Escalation.id,
    )
    .select_from(Ticket)
    .outerjoin(_HANDLER, _HANDLER.id == Ticket.handler_id)
    .outerjoin(Escalation, (Escalation.ticket_id == Ticket.id) & (Escalation.state == "open"))
    .where(at_desk(Desk.BUILDER))
)


def inbox(session: Session, actor: Actor, view: View, cursor: Cursor | None) -> Page[OfficeEntry]:
    """What is open by urgency; what is done, the latest first."""
    query = _ENTRIES.where(reach(actor), *_of_view(view, actor))
    if view is View.DONE:
        return newest_first(session, query, BY_AGE, cursor, PAGE_ROWS, _rows)
    return soonest_first(session, query, BY_URGENCY, cursor, PAGE_ROWS, _rows)


def _rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[OfficeEntry]:
    return [OfficeEntry._make(row) for row in session.execute(query)]


def _of_view(view: View, actor: Actor) -> tuple[Condition, ...]:
    match view:
        case View.OPEN:
            return (Ticket.active,)
        case View.MINE:
            return (Ticket.active, Ticket.handler_id == actor.user_id)
        case View.FREE:
            return (Ticket.active, Ticket.handler_id.is_(None))
        case View.ISSUES:
            return (Ticket.active, Ticket.intent == PLATFORM_ISSUE)
        case View.DONE:
            return (Ticket.active.is_(False),)


def counts(session: Session, actor: Actor) -> dict[View, int]:
    """Of what is open in each view, up to COUNT_TO, in one round trip."""
    row = session.execute(_counts(actor)).one()
    return dict(zip(_COUNTED, row, strict=True))


_COUNTED = (View.OPEN, View.MINE, View.FREE, View.ISSUES)


@lru_cache(100)
def _counts(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Kept for each reader: to put it together takes longer than to answer it."""
    return select(
        *(
            select(func.count())
            .select_from(
                select(Ticket.id)
                .where(at_desk(Desk.BUILDER), reach(actor), *_of_view(view, actor))
                .limit(COUNT_TO)
                .subquery()
            )
            .scalar_subquery()
            .label(view.value)
            for view in _COUNTED
        )
    )


def canned_replies(session: Session) -> Sequence[CannedReply]:
    """Of the builder whose desk it is, by title."""
    return session.scalars(select(CannedReply).order_by(CannedReply.title)).all()


def canned_reply(session: Session, key: UUID) -> CannedReply | None:
    return session.scalar(select(CannedReply).where(CannedReply.id == key))
