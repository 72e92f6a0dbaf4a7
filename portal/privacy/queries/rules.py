"""The rules of time of a builder, and what they concern."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.privacy.models import RetentionRule
from portal.tickets.models import Attachment, Ticket

CLOSED = text("status = 'closed'")  # in the words of its index


def rule_of(session: Session, builder_id: UUID | None) -> RetentionRule | None:
    return session.scalar(select(RetentionRule).where(same(RetentionRule, builder_id)))


def erases_files(session: Session, builder_id: UUID | None) -> bool:
    """Whether the files that a person sent go with them; they do, where nobody said otherwise."""
    rule = rule_of(session, builder_id)
    return rule is None or rule.erase_files


def same(model: Any, builder_id: UUID | None) -> ColumnElement[bool]:
    """None is nobody's: guests', and the platform's own."""
    column = model.builder_id
    found: ColumnElement[bool] = column.is_(None) if builder_id is None else column == builder_id
    return found


def due(session: Session, at: datetime) -> RetentionRule | None:
    return session.scalar(
        select(RetentionRule)
        .where(RetentionRule.next_run_at <= at)
        .order_by(RetentionRule.next_run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def old_tickets(builder_id: UUID | None, before: datetime, fate: str) -> list[ColumnElement[bool]]:
    """Closed before then; to be made nobody's only those that still name somebody."""
    named = [Ticket.anonymised_at.is_(None)] if fate == "anonymise" else []
    return [CLOSED, same(Ticket, builder_id), *named, Ticket.closed_at < before]  # type: ignore[list-item]


def old_files(builder_id: UUID | None, before: datetime) -> list[ColumnElement[bool]]:
    return [
        same(Attachment, builder_id),
        Attachment.created_at < before,
        Attachment.ticket_id.is_not(None),
    ]


def old_entries(builder_id: UUID | None, before: datetime) -> list[ColumnElement[bool]]:
    return [same(AuditEntry, builder_id), AuditEntry.at < before]


def count(session: Session, model: Any, conditions: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
