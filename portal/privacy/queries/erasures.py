"""Erasures as those who decide see them, and what one would touch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, true
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import ApiToken, AuditEntry, Login, SupportAgent
from portal.core.permissions import Actor
from portal.foundation.deliveries import Delivery
from portal.notifications.models import Notification
from portal.privacy.models import Erasure
from portal.privacy.queries.people import Concerned
from portal.tickets.models import Attachment, Message, Ticket, TicketEvent
from portal.writing.models import Draft

SHOWN = 50


def open_of(session: Session, membership_id: UUID) -> Erasure | None:
    return session.scalar(
        select(Erasure).where(
            text("state IN ('asked', 'running')"), Erasure.membership_id == membership_id
        )
    )


def latest_of(session: Session, membership_id: UUID) -> Erasure | None:
    return session.scalar(
        select(Erasure)
        .where(Erasure.membership_id == membership_id)
        .order_by(Erasure.asked_at.desc(), Erasure.id.desc())
        .limit(1)
    )


def of_company(session: Session, actor: Actor) -> Sequence[Erasure]:
    """The newest; the platform's own people for the platform."""
    return session.scalars(
        select(Erasure)
        .where(_own(actor))
        .options(joinedload(Erasure.user))
        .order_by(Erasure.asked_at.desc(), Erasure.id.desc())
        .limit(SHOWN)
    ).all()


def in_reach(session: Session, actor: Actor, key: UUID) -> Erasure | None:
    return session.scalar(select(Erasure).where(Erasure.id == key, _own(actor)))


def _own(actor: Actor) -> ColumnElement[bool]:
    """None is the platform's own; the platform sees requests to builders only as their number."""
    own: ColumnElement[bool] = Erasure.builder_id == actor.builder_id
    return Erasure.builder_id.is_(None) if actor.builder_id is None else own


def running(session: Session, at: datetime) -> Erasure | None:
    """The one that nobody has in hand."""
    free = or_(Erasure.claimed_until.is_(None), Erasure.claimed_until <= at)
    return session.scalar(
        select(Erasure)
        .where(text("state = 'running'"), free)
        .order_by(Erasure.decided_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def found(session: Session, member: Concerned) -> dict[str, int]:
    """How much there is of the person in this company, by kind."""
    person, scope = member.user_id, member.builder_id
    address = func.lower(member.user.email)
    queries: dict[str, tuple[Any, ColumnElement[bool]]] = {
        "sign_ins": (Login, Login.membership_id == member.id),
        "tokens": (ApiToken, ApiToken.membership_id == member.id),
        "drafts": (Draft, and_(Draft.user_id == person, _within(Draft, scope))),
        "files": (Attachment, and_(Attachment.uploaded_by == person, _within(Attachment, scope))),
        "tickets": (Ticket, and_(Ticket.requester_id == person, _within(Ticket, scope))),
        "in_hand": (Ticket, and_(Ticket.active, _in_hand(person, scope))),
        "messages": (Message, and_(Message.sender_id == person, _within(Message, scope))),
        "events": (TicketEvent, and_(TicketEvent.by_id == person, _within(TicketEvent, scope))),
        "acts": (AuditEntry, and_(AuditEntry.by_id == person, _within(AuditEntry, scope))),
        "letters": (Delivery, and_(Delivery.recipient == address, _within(Delivery, scope))),
        "notifications": (Notification, _told(person, scope)),
    }
    return {name: _count(session, *asked) for name, asked in queries.items()}


def _in_hand(person: UUID, scope: UUID | None) -> ColumnElement[bool]:
    """Which go back to the team (see `accounts.service.team.LEFT`)."""
    if scope is not None:
        return and_(Ticket.builder_id == scope, Ticket.handler_id == person)
    agent = select(SupportAgent.id).where(SupportAgent.user_id == person)
    return Ticket.assigned_to.in_(agent)


def _within(model: Any, scope: UUID | None) -> ColumnElement[bool]:
    return true() if scope is None else model.builder_id == scope


def _told(person: UUID, scope: UUID | None) -> ColumnElement[bool]:
    told: ColumnElement[bool] = Notification.user_id == person
    if scope is None:
        return told
    own: Select[UUID] = select(Ticket.id).where(Ticket.builder_id == scope)
    return and_(told, or_(Notification.ticket_id.in_(own), Notification.portal_id == scope))


def _count(session: Session, model: Any, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(condition)) or 0
