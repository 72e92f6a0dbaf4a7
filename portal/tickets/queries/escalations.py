"""What joins a ticket of a builder's desk with the platform's own ticket for it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Membership, User
from portal.core.permissions import IN_CHARGE
from portal.tickets.models import Escalation, Ticket


def of_ticket(session: Session, ticket: Ticket) -> list[Escalation]:
    """Of a ticket at a builder's desk, the latest first, each with the platform's ticket."""
    query = select(Escalation).where(Escalation.ticket_id == ticket.id)
    return list(
        session.scalars(
            query.options(joinedload(Escalation.platform_ticket)).order_by(Escalation.at.desc())
        )
    )


def open_of(session: Session, ticket: Ticket) -> Escalation | None:
    return session.scalar(
        select(Escalation)
        .where(Escalation.ticket_id == ticket.id, Escalation.state == "open")
        .options(joinedload(Escalation.platform_ticket))
    )


def behind(session: Session, platform_ticket: Ticket) -> Escalation | None:
    """What a ticket of the platform's desk was passed up from; most come from nowhere else."""
    if platform_ticket.source != "escalation":
        return None
    return session.scalar(
        select(Escalation)
        .where(Escalation.platform_ticket_id == platform_ticket.id)
        .options(joinedload(Escalation.ticket))
    )


def first_in_charge(session: Session, builder_id: UUID) -> Membership | None:
    """In whose name a builder's desk passes something up by itself: the owner, else an admin."""
    query = (
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.builder_id == builder_id,
            Membership.role.in_([role.value for role in IN_CHARGE]),
            User.disabled_at.is_(None),
        )
        .options(joinedload(Membership.user), joinedload(Membership.builder))
        .order_by(Membership.role.desc(), Membership.id)
    )
    return session.scalar(query.limit(1))
