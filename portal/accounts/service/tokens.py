"""Personal tokens for the API: only their digests are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import ApiToken, Membership

TOKEN_PREFIX = "corbel_"  # noqa: S105


class UnknownAccount(ValueError):
    """No active account has the address."""


@dataclass(frozen=True, slots=True)
class NewToken:
    plain: str  # shown once
    token: ApiToken


def create_token(session: Session, email: str, name: str, *, at: datetime) -> NewToken:
    user = queries.user_by_email(session, email)
    memberships = queries.memberships_of(session, user.id) if user is not None else []
    if user is None or user.disabled_at is not None or not memberships:
        raise UnknownAccount(f"no active account has the address {email}")
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        membership_id=memberships[0].id,
        builder_id=memberships[0].builder_id,
        name=name[:80],
        digest=digest_of(plain),
        created_at=at,
    )
    session.add(token)
    session.flush()
    return NewToken(plain, token)


def revoke_all_of(session: Session, user_id: UUID, *, at: datetime) -> None:
    """Whatever they are."""
    theirs = select(Membership.id).where(Membership.user_id == user_id)
    session.execute(
        update(ApiToken)
        .where(ApiToken.membership_id.in_(theirs), ApiToken.revoked_at.is_(None))
        .values(revoked_at=at)
        .execution_options(synchronize_session=False)
    )


def forget_all_as(session: Session, membership_id: UUID) -> None:
    """A token is nothing without what its person was."""
    session.execute(
        delete(ApiToken)
        .where(ApiToken.membership_id == membership_id)
        .execution_options(synchronize_session=False)
    )


def digest_of(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
