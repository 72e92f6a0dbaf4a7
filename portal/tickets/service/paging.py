"""Calling the person on duty: a page, its confirmation, the second way when none comes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from portal.core.permissions import SYSTEM, Actor, Permission
from portal.foundation import deliveries
from portal.foundation.deliveries import Delivery, Status
from portal.foundation.tenancy import PLATFORM, see
from portal.tickets.models import UNCONFIRMED, Page, StepRow, Ticket
from portal.tickets.service import history

KIND = "page"
PATIENCE = timedelta(hours=2)
QUEUED, ACCEPTED, ACKNOWLEDGED, FAILED = "queued", "accepted", "acknowledged", "failed"


def page(session: Session, ticket: Ticket, step: StepRow, *, at: datetime) -> None:
    """One page a ticket: a second reason while one stands adds nothing but a line of history."""
    standing = session.scalar(select(Page).where(Page.ticket_id == ticket.id, Page.state != FAILED))
    history.tell(
        session, ticket, "paged", by=SYSTEM, at=at, why=step.why, again=standing is not None
    )
    if standing is not None:
        return
    row = Page(
        ticket_id=ticket.id,
        builder_id=ticket.builder_id,
        dedup_key=f"corbel-{ticket.id}-{step.id}",
        state=QUEUED,
        why=step.why,
        created_at=at,
    )
    session.add(row)
    session.flush()
    deliveries.queue(
        session,
        KIND,
        at=at,
        dedup_key=row.dedup_key,
        builder_id=ticket.builder_id,
        about_id=row.id,
        patience=PATIENCE,
        payload={
            "ticket": ticket.number,
            "subject": ticket.subject,
            "severity": ticket.severity,
            "due": ticket.sla_response_by.isoformat() if ticket.sla_response_by else None,
        },
    )


def settled(session: Session, delivery: Delivery, at: datetime, confirm: timedelta) -> None:
    """The sender's report: accepted starts the wait for a confirmation, anything else the alarm."""
    see(session, PLATFORM)
    row = session.get(Page, delivery.about_id)
    ticket = session.get(Ticket, row.ticket_id) if row is not None else None
    if row is None or ticket is None or row.state == ACKNOWLEDGED:
        return
    if delivery.status == Status.SENT:
        row.state, row.accepted_at, row.error = ACCEPTED, at, ""
        row.confirm_by = at + confirm
        history.tell(session, ticket, "page_accepted", by=SYSTEM, at=at)
        return
    row.error = delivery.error
    if delivery.status == Status.DEAD:
        row.state, row.failed_at = FAILED, at
        history.tell(session, ticket, "page_failed", by=SYSTEM, at=at, error=delivery.error)
    _fall_back(session, ticket, row, at)


def unconfirmed(sessions: sessionmaker[Session], at: datetime) -> int:
    """Clock work: pages that nobody confirmed in time go the second way."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        late = session.execute(
            select(Page, Ticket)
            .join(Ticket, Ticket.id == Page.ticket_id)
            .where(text(UNCONFIRMED), Page.confirm_by <= at)
        ).all()
        for row, ticket in late:
            _fall_back(session, ticket, row, at)
        return len(late)


def _fall_back(session: Session, ticket: Ticket, row: Page, at: datetime) -> None:
    if row.fallback_at is not None:
        return
    row.fallback_at = at
    history.tell(
        session, ticket, "page_fallback", by=SYSTEM, at=at, page_id=str(row.id), error=row.error
    )


def acknowledge(
    session: Session, ticket: Ticket, page_id: UUID, *, by: Actor, at: datetime
) -> None:
    """Somebody is on it. Pressing twice keeps the first name."""
    by.require(Permission.WORK_TICKETS)
    row = session.scalar(select(Page).where(Page.id == page_id, Page.ticket_id == ticket.id))
    if row is None or row.state == ACKNOWLEDGED:
        return
    row.state, row.acknowledged_at, row.acknowledged_by = ACKNOWLEDGED, at, by.name
    history.tell(session, ticket, "page_acknowledged", by=by, at=at, dedup_key=row.dedup_key)
