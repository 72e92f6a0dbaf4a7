"""Who runs the roadmap, and who of those who are told reads which language."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, User
from portal.core.permissions import GRANTS, STAFF, Permission


def who_run_it(session: Session) -> list[UUID]:
    roles = [role.value for role in STAFF if Permission.RUN_ROADMAP in GRANTS[role]]
    query = (
        select(Membership.user_id)
        .join(User)
        .where(
            Membership.builder_id.is_(None),
            Membership.role.in_(roles),
            User.disabled_at.is_(None),
        )
    )
    return list(session.scalars(query.order_by(Membership.user_id)))


def by_language(session: Session, people: Collection[UUID]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for key, locale in session.execute(select(User.id, User.locale).where(User.id.in_(people))):
        found.setdefault(locale, set()).add(key)
    return found
