"""What clocks and promises are computed from, and what is due for everybody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, text
from sqlalchemy.orm import Session

from portal.core.entitlements import Window
from portal.core.permissions import Desk
from portal.policy.models import EmergencyWindow
from portal.tickets.models import StepRow, Ticket
from portal.tickets.queries.reach import at_desk


def recent_times(session: Session, builder_id: UUID, since: datetime) -> list[datetime]:
    """When the builder's tickets since `since` were opened."""
    return list(
        session.scalars(
            select(Ticket.created_at).where(
                Ticket.builder_id == builder_id, Ticket.created_at >= since, at_desk(Desk.PLATFORM)
            )
        )
    )


def active_loads(session: Session) -> dict[UUID, int]:
    """Active tickets an agent."""
    rows = session.execute(
        select(Ticket.assigned_to, func.count())
        .where(Ticket.active, at_desk(Desk.PLATFORM), Ticket.assigned_to.is_not(None))
        .group_by(Ticket.assigned_to)
    )
    return {agent_id: count for agent_id, count in rows if agent_id is not None}


def due_steps(session: Session, at: datetime, limit: int) -> list[UUID]:
    return list(
        session.scalars(
            select(StepRow.id)
            .where(text("fired_at IS NULL AND cancelled_at IS NULL"), StepRow.at <= at)
            .order_by(StepRow.at, StepRow.id)
            .limit(limit)
        )
    )


def ripe_for_closing(session: Session, at: datetime, limit: int) -> list[Ticket]:
    """Resolved tickets, the longest resolved first."""
    return list(
        session.scalars(
            select(Ticket)
            .where(text("status = 'resolved'"), Ticket.resolved_at <= at)
            .order_by(Ticket.resolved_at)
            .limit(limit)
        )
    )


def ripe_for_waking(session: Session, at: datetime, limit: int) -> list[Ticket]:
    return list(
        session.scalars(
            select(Ticket)
            .where(text("status = 'snoozed'"), Ticket.snoozed_until <= at)
            .order_by(Ticket.snoozed_until)
            .limit(limit)
        )
    )


def windows_over(session: Session, ticket_ids: Sequence[UUID]) -> dict[UUID, list[Window]]:
    """Emergency windows of the builder that were dated for when each ticket was opened."""
    rows = session.execute(
        select(Ticket.id, EmergencyWindow)
        .join(
            EmergencyWindow,
            and_(
                EmergencyWindow.builder_id == Ticket.builder_id,
                EmergencyWindow.starts_at <= Ticket.created_at,
                EmergencyWindow.ends_at > Ticket.created_at,
            ),
        )
        .where(Ticket.id.in_(ticket_ids))
    )
    found: dict[UUID, list[Window]] = {}
    for ticket_id, row in rows:
        found.setdefault(ticket_id, []).append(row.window)
    return found
