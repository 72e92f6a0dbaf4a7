"""What the agent's ticket screen shows, each with all that it needs: few queries, none that grows
with the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Builder, Membership, User
from portal.core.permissions import Actor
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.tenancy import read_rows
from portal.policy.models import EmergencyWindow
from portal.tickets.models import (
    Check,
    ClockRow,
    Message,
    Page,
    StepRow,
    Ticket,
)
from portal.tickets.queries.conversation import MESSAGES, MessageEntry
from portal.tickets.queries.entries import CLOCK_COLUMNS, STEP_COLUMNS, ClockEntry, StepEntry
from portal.tickets.queries.reach import by_reach, reader
from portal.writing.models import Draft

MOST_BUILDERS = 200
MOST_MATES = 300


_TICKET = by_reach(  # like all of these put together once: that takes longer than to ask
    select(Ticket, EmergencyWindow)
    .outerjoin(
        EmergencyWindow,
        and_(
            EmergencyWindow.builder_id == Ticket.builder_id,
            EmergencyWindow.starts_at <= bindparam("at"),
            EmergencyWindow.ends_at > bindparam("at"),
            EmergencyWindow.cancelled_at.is_(None),
        ),
    )
    .where(Ticket.number == bindparam("number"))
    .options(joinedload(Ticket.builder), joinedload(Ticket.agent))
    .order_by(EmergencyWindow.ends_at.desc())
    .limit(1)
)


def ticket_with_window(
    session: Session, actor: Actor, number: int, at: datetime
) -> tuple[Ticket, EmergencyWindow | None] | None:
    """A ticket in reach, and the emergency window of its builder that is open at `at`."""
    asked = {"number": number, "at": at, **reader(actor)}
    row = session.execute(_TICKET[actor.reach], asked).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class Letter:
    """What became of it. Not what it says: that is long, and stands in the message."""

    status: Status
    error: str


_MESSAGES = (
    MESSAGES.add_columns(Delivery.status, Delivery.error)
    .outerjoin(Delivery, and_(Delivery.about_id == Message.id, Delivery.kind == "mail"))
    .where(Message.ticket_id == bindparam("ticket_id"), Message.withdrawn_at.is_(None))
    .order_by(Message.created_at, Message.id, Delivery.created_at)
)


def messages_with_letters(
    session: Session, ticket: Ticket
) -> list[tuple[MessageEntry, Letter | None]]:
    """All that was written and not taken back, and what became of the letter of each."""
    found = {}
    for *values, status, error in read_rows(session, _MESSAGES, {"ticket_id": ticket.id}):
        message = MessageEntry._make(values)
        found[message.id] = (message, Letter(Status(status), error) if status else None)
    return list(found.values())


_CLOCKS = (
    select(*CLOCK_COLUMNS, *STEP_COLUMNS)
    .select_from(ClockRow)
    .outerjoin(
        StepRow,
        and_(
            StepRow.ticket_id == ClockRow.ticket_id,
            StepRow.clock == ClockRow.clock,
            StepRow.round == ClockRow.round,
            StepRow.fired_at.is_(None),
            StepRow.cancelled_at.is_(None),
        ),
    )
    .where(ClockRow.ticket_id == bindparam("ticket_id"))
    .order_by(StepRow.at)
)


def clocks_and_steps(session: Session, ticket: Ticket) -> tuple[list[ClockEntry], list[StepEntry]]:
    """The clocks, and what each of them will still do, in order of time."""
    clocks, steps = {}, []
    for row in read_rows(session, _CLOCKS, {"ticket_id": ticket.id}):
        clock = ClockEntry._make(row[: len(CLOCK_COLUMNS)])
        clocks[clock.clock, clock.round] = clock
        if row.do is not None:
            steps.append(StepEntry._make(row[len(CLOCK_COLUMNS) :]))
    return list(clocks.values()), steps


@dataclass(frozen=True, slots=True)
class Beside:
    """What hangs on a ticket besides the words: ticks, pages, and the reader's own drafts."""

    checks: dict[str, Check]
    pages: list[Page]
    drafts: dict[str, Draft]


_BESIDE = (
    select(Check, Page, Draft)
    .select_from(Ticket)
    .outerjoin(Check, Check.ticket_id == Ticket.id)
    .outerjoin(Page, Page.ticket_id == Ticket.id)
    .outerjoin(
        Draft,
        and_(
            Draft.user_id == bindparam("user_id"),
            Draft.place.in_(bindparam("places", expanding=True)),
        ),
    )
    .where(Ticket.id == bindparam("ticket_id"))
)


def beside(session: Session, ticket: Ticket, actor: Actor, places: Sequence[str]) -> Beside:
    """In one round trip; each is a handful, so that their product stays small."""
    whose = {"ticket_id": ticket.id, "user_id": actor.user_id, "places": places}
    rows = session.execute(_BESIDE, whose).all()
    pages = {page.id: page for _, page, _ in rows if page is not None}
    return Beside(
        checks={check.item: check for check, _, _ in rows if check is not None},
        pages=sorted(pages.values(), key=lambda page: page.created_at),
        drafts={draft.place: draft for _, _, draft in rows if draft is not None},
    )


def builders(session: Session) -> list[tuple[str, str]]:
    """Slug and name, for a list to choose from."""
    rows = session.execute(
        select(Builder.slug, Builder.name).order_by(Builder.name).limit(MOST_BUILDERS)
    )
    return [(slug, name) for slug, name in rows]


def others_since(
    session: Session, ticket: Ticket, actor: Actor, seen: UUID | None
) -> list[Message]:
    """What others wrote after the message that the actor saw last; keys sort by time."""
    query = select(Message).where(
        Message.ticket_id == ticket.id,
        Message.withdrawn_at.is_(None),
        or_(Message.sender_id.is_(None), Message.sender_id != actor.user_id),
    )
    if seen is not None:
        query = query.where(Message.id > seen)
    return list(session.scalars(query.order_by(Message.id)))


def mates(session: Session) -> list[tuple[str, str]]:
    """Staff by the handle by which they can be mentioned, with their names."""
    people = session.execute(
        select(User.email, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.builder_id.is_(None), User.disabled_at.is_(None))
        .order_by(User.name)
        .limit(MOST_MATES)
    )
    return [(email.partition("@")[0], name) for email, name in people]
