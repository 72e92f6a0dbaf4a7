"""Lists of tickets: the views of the workspace and a customer's own, by keyset pages."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Builder, SupportAgent
from portal.core.permissions import Actor
from portal.core.ticket_states import ACTIVE
from portal.foundation.keyset import newest_first, soonest_first
from portal.foundation.paging import Cursor, Page
from portal.tickets.models import Ticket
from portal.tickets.queries.entries import BY_AGE, BY_URGENCY, ENTRIES, Entry, entries
from portal.tickets.queries.reach import at_desk, reach

PAGE_ROWS = 25
COUNT_TO = 1000  # beyond it a badge says "999+": counting on would grow with the table
Entries: TypeAlias = Select[*tuple[Any, ...]]
Condition: TypeAlias = ColumnElement[bool] | InstrumentedAttribute[bool]


class View(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    BREACHING = "breaching"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the queue may say; empty is everything."""

    severity: str = ""
    category: str = ""
    team: str = ""
    state: str = ""
    builder: str = ""  # slug
    assignee: str = ""  # agent id

    @property
    def any(self) -> bool:
        return self != Filters()

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})


def own_page(
    session: Session,
    actor: Actor,
    *,
    state: str = "",
    cursor: Cursor | None = None,
    limit: int = PAGE_ROWS,
) -> Page[Entry]:
    """What the actor may see of what is asked at the desk that the actor asks, newest first;
    `state` narrows to active or one state."""
    query = ENTRIES.where(reach(actor), at_desk(actor.asks))
    if state == "active":
        query = query.where(Ticket.active)
    elif state:
        query = query.where(Ticket.status == state)
    return newest_first(session, query, BY_AGE, cursor, limit, entries)


def queue_page(
    session: Session, actor: Actor, view: View, filters: Filters, cursor: Cursor | None
) -> Page[Entry]:
    """A view of the workspace: active tickets by urgency, others newest first."""
    query = _filtered(ENTRIES.where(reach(actor)), filters)
    if view is View.ALL and filters.state and filters.state not in ACTIVE:
        return newest_first(session, query, BY_AGE, cursor, PAGE_ROWS, entries)
    active = query.where(*_of_view(view, actor))
    return soonest_first(session, active, BY_URGENCY, cursor, PAGE_ROWS, entries)


def _of_view(view: View, actor: Actor) -> tuple[Condition, ...]:
    match view:
        case View.MINE:
            return (Ticket.active, Ticket.assigned_to == actor.agent_id)
        case View.UNASSIGNED:
            return (Ticket.active, Ticket.assigned_to.is_(None))
        case View.BREACHING:
            return (Ticket.active, Ticket.warned_at.is_not(None))
        case View.ALL:
            return (Ticket.active,)


def _filtered(query: Entries, filters: Filters) -> Entries:
    if filters.severity:
        query = query.where(Ticket.severity == filters.severity)
    if filters.category:
        query = query.where(Ticket.category == filters.category)
    if filters.team:
        query = query.where(Ticket.team == filters.team)
    if filters.state:
        query = query.where(Ticket.status == filters.state)
    if filters.builder:
        query = query.where(
            Ticket.builder_id
            == select(Builder.id).where(Builder.slug == filters.builder).scalar_subquery()
        )
    if filters.assignee:
        query = query.where(Ticket.assigned_to == _uuid_or_none(filters.assignee))
    return query


def _uuid_or_none(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Rail:
    """Beside the list: how many tickets each view holds, counted up to COUNT_TO, and whether the
    reader is here to be given some (None: they take none)."""

    counts: dict[View, int]
    here: bool | None


def rail(session: Session, actor: Actor) -> Rail:
    """In one round trip."""
    *counts, here = session.execute(_rail(actor)).one()
    return Rail(dict(zip(View, counts, strict=True)), here)


@lru_cache(100)
def _rail(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Kept for each reader: to put it together takes longer than to answer it."""
    capped = [
        select(func.count())
        .select_from(
            select(Ticket.id).where(reach(actor), *_of_view(view, actor)).limit(COUNT_TO).subquery()
        )
        .scalar_subquery()
        .label(view.value)
        for view in View
    ]
    here = select(SupportAgent.is_available).where(SupportAgent.id == actor.agent_id)
    return select(*capped, here.scalar_subquery().label("here"))
