"""Who is told, and which articles somebody should look at."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import GRANTS, STAFF, Permission
from portal.kb.models import Article, Topic


def publishers(session: Session) -> list[UUID]:
    return _staff(session, Permission.PUBLISH_ARTICLES)


def writers(session: Session) -> Sequence[User]:
    """Who can look after an article, by name."""
    rows = select(User).where(User.id.in_(_staff(session, Permission.WRITE_ARTICLES)))
    return session.scalars(rows.order_by(User.name, User.id)).all()


def _staff(session: Session, permission: Permission) -> list[UUID]:
    roles = [role.value for role in STAFF if permission in GRANTS[role]]
    rows = (
        select(Membership.user_id)
        .join(User)
        .where(
            Membership.builder_id.is_(None),
            Membership.role.in_(roles),
            User.disabled_at.is_(None),
        )
    )
    return list(session.scalars(rows.order_by(Membership.user_id)))


def topics_to_remind_of(session: Session, at: datetime, most: int) -> Sequence[Topic]:
    """Published, due, and nobody was told of it."""
    shown = select(Article.topic_id).where(Article.topic_id == Topic.id, Article.is_published)
    rows = select(Topic).where(
        Topic.review_by.is_not(None),
        Topic.review_by <= at,
        Topic.reminded_at.is_(None),
        shown.exists(),
    )
    rows = rows.order_by(Topic.review_by, Topic.id).limit(most)
    return session.scalars(rows.with_for_update(skip_locked=True)).all()


def topics_of_modules(
    session: Session, modules: Collection[str], after: UUID | None, most: int
) -> Sequence[UUID]:
    """Published, by their keys."""
    shown = select(Article.id).where(Article.topic_id == Topic.id, Article.is_published)
    rows = select(Topic.id).where(Topic.module_tag.in_(modules), shown.exists())
    if after is not None:
        rows = rows.where(Topic.id > after)
    return session.scalars(rows.order_by(Topic.id).limit(most)).all()


def title_of(session: Session, topic_id: UUID) -> str:
    rows = select(Article.title).where(Article.topic_id == topic_id, Article.is_published)
    return session.scalars(rows.order_by(Article.language).limit(1)).first() or ""
