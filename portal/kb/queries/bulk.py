"""Many articles at once."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import AuditEntry
from portal.core.permissions import Actor
from portal.kb.models import Article, Draft, Topic


def articles(session: Session, ids: Collection[UUID]) -> Sequence[Article]:
    whole = joinedload(Article.topic).joinedload(Topic.category)
    rows = select(Article).where(Article.id.in_(ids)).options(whole)
    return session.scalars(rows.order_by(Article.title, Article.id)).all()


def drafts_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Draft]:
    """By article."""
    rows = select(Draft).where(Draft.article_id.in_(ids), Draft.state != "removed")
    return {draft.article_id: draft for draft in session.scalars(rows)}


def deed(session: Session, entry_id: UUID, act: str, by: Actor) -> AuditEntry | None:
    """The actor's own."""
    rows = select(AuditEntry).where(
        AuditEntry.id == entry_id, AuditEntry.act == act, AuditEntry.by_id == by.user_id
    )
    return session.scalar(rows)
