"""Exports as those who asked for them see them, and what a person's export holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal.accounts.models import ApiToken, AuditEntry, FormerMember, Login, Membership
from portal.guidance.models import Press
from portal.kb.models import Article, Feedback, Reading
from portal.notifications.models import Notification, Preference
from portal.privacy.models import DataExport
from portal.search.models import Query
from portal.tickets.models import Attachment, Message, Ticket
from portal.writing.models import Draft


def latest(
    session: Session, asked_by: UUID, user_id: UUID, scope: UUID | None
) -> DataExport | None:
    """What somebody last asked for of a person."""
    return session.scalar(
        select(DataExport)
        .where(
            DataExport.asked_by_id == asked_by,
            DataExport.user_id == user_id,
            _same(DataExport.builder_id, scope),
        )
        .order_by(DataExport.asked_at.desc(), DataExport.id.desc())
        .limit(1)
    )


def wanted(session: Session, asked_by: UUID, user_id: UUID) -> DataExport | None:
    return session.scalar(
        select(DataExport).where(
            text("state = 'wanted'"),
            DataExport.user_id == user_id,
            DataExport.asked_by_id == asked_by,
        )
    )


def of_asker(session: Session, asked_by: UUID, key: UUID) -> DataExport | None:
    return session.scalar(
        select(DataExport)
        .where(DataExport.id == key, DataExport.asked_by_id == asked_by)
        .options(joinedload(DataExport.user))
    )


def earlier(session: Session, export: DataExport) -> Sequence[DataExport]:
    """Ready files of the same person for the same asker."""
    return session.scalars(
        select(DataExport).where(
            text("state = 'ready'"),
            DataExport.id != export.id,
            DataExport.user_id == export.user_id,
            DataExport.asked_by_id == export.asked_by_id,
        )
    ).all()


def over(session: Session, at: datetime, limit: int) -> Sequence[DataExport]:
    """Ready ones whose time has passed."""
    return session.scalars(
        select(DataExport)
        .where(text("state = 'ready'"), DataExport.expires_at <= at)
        .order_by(DataExport.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def waiting(session: Session, at: datetime) -> UUID | None:
    """The one that has waited longest and is in nobody's hands."""
    free = or_(DataExport.claimed_until.is_(None), DataExport.claimed_until <= at)
    return session.scalar(
        select(DataExport.id)
        .where(text("state = 'wanted'"), free)
        .order_by(DataExport.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _same(column: InstrumentedAttribute[Any], scope: UUID | None) -> ColumnElement[bool]:
    return column.is_(None) if scope is None else column == scope


def _within(column: InstrumentedAttribute[Any], scope: UUID | None) -> ColumnElement[bool]:
    """A builder's part, or everything."""
    return true() if scope is None else column == scope


# What is in it


def memberships(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .where(Membership.user_id == user_id, _within(Membership.builder_id, scope))
        .options(joinedload(Membership.builder))
        .order_by(Membership.id)
    ).all()


def former_memberships(
    session: Session, user_id: UUID, scope: UUID | None
) -> Sequence[FormerMember]:
    return session.scalars(
        select(FormerMember)
        .where(FormerMember.user_id == user_id, _within(FormerMember.builder_id, scope))
        .options(joinedload(FormerMember.builder))
        .order_by(FormerMember.left_at)
    ).all()


def sign_ins(session: Session, memberships: Sequence[UUID]) -> Sequence[Login]:
    query = select(Login).where(Login.membership_id.in_(memberships)).order_by(Login.created_at)
    return session.scalars(query).all()


def tokens(session: Session, memberships: Sequence[UUID]) -> Sequence[ApiToken]:
    query = select(ApiToken).where(ApiToken.membership_id.in_(memberships))
    return session.scalars(query.order_by(ApiToken.created_at)).all()


def preferences(session: Session, user_id: UUID) -> Sequence[Preference]:
    query = select(Preference).where(Preference.user_id == user_id).order_by(Preference.kind)
    return session.scalars(query).all()


def notifications(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Notification]:
    """A builder's part: those about its tickets, and what it told itself."""
    query = select(Notification).where(Notification.user_id == user_id)
    if scope is not None:
        own = select(Ticket.id).where(Ticket.builder_id == scope)
        here = or_(Notification.ticket_id.in_(own), Notification.portal_id == scope)
        query = query.where(here)
    return session.scalars(query.order_by(Notification.created_at)).all()


def drafts(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Draft]:
    query = select(Draft).where(Draft.user_id == user_id, _within(Draft.builder_id, scope))
    return session.scalars(query.order_by(Draft.updated_at)).all()


def acts(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(
        AuditEntry.by_id == user_id, _within(AuditEntry.builder_id, scope)
    )
    return session.scalars(query.order_by(AuditEntry.at)).all()


def searches(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Query]:
    query = select(Query).where(Query.user_id == user_id, _within(Query.builder_id, scope))
    return session.scalars(query.order_by(Query.at)).all()


def presses(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Press]:
    query = select(Press).where(Press.user_id == user_id, _within(Press.builder_id, scope))
    return session.scalars(query.order_by(Press.at)).all()


def readings(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Row[Reading, str]]:
    """With the titles of what was read."""
    return session.execute(
        select(Reading, Article.title)
        .join(Article, Article.id == Reading.article_id)
        .where(Reading.user_id == user_id, _within(Reading.builder_id, scope))
        .order_by(Reading.at)
    ).all()


def feedback(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Row[Feedback, str]]:
    """With the titles of what it is about."""
    return session.execute(
        select(Feedback, Article.title)
        .join(Article, Article.id == Feedback.article_id)
        .where(Feedback.user_id == user_id, _within(Feedback.builder_id, scope))
        .order_by(Feedback.at)
    ).all()


def asked_tickets(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[UUID]:
    query = select(Ticket.id).where(
        Ticket.requester_id == user_id, _within(Ticket.builder_id, scope)
    )
    return session.scalars(query.order_by(Ticket.created_at)).all()


def said_elsewhere(session: Session, user_id: UUID, scope: UUID | None) -> Sequence[Message]:
    """What the person wrote on what others asked; notes among colleagues are the desk's."""
    query = (
        select(Message)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.sender_id == user_id,
            Message.is_internal.is_(False),
            Message.withdrawn_at.is_(None),
            or_(Ticket.requester_id.is_(None), Ticket.requester_id != user_id),
            _within(Message.builder_id, scope),
        )
        .order_by(Message.created_at)
    )
    return session.scalars(query).all()


def own_files(session: Session, user_id: UUID, ticket_id: UUID) -> Sequence[Attachment]:
    return session.scalars(
        select(Attachment)
        .where(Attachment.ticket_id == ticket_id, Attachment.uploaded_by == user_id)
        .order_by(Attachment.id)
    ).all()
