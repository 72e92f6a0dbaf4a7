"""Personal tokens for the API: only their digests are kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.accounts import queries
from portal.accounts.models import ApiToken, Membership
from portal.core.permissions import Actor, Scope
from portal.foundation.digests import digest_of
from portal.foundation.tenancy import PLATFORM, see

TOKEN_PREFIX: Final = "corbel_"  # noqa: S105
MOST: Final = 50  # of one person at a time
NOTED_EVERY: Final = timedelta(minutes=5)
EVERYTHING: Final = frozenset(Scope)


class UnknownAccount(ValueError):
    """No active account has the address."""


class TooMany(ValueError):
    """As many tokens as one person may have."""


@dataclass(frozen=True, slots=True)
class NewToken:
    plain: str  # shown once
    token: ApiToken


def create_token(
    session: Session,
    email: str,
    name: str,
    *,
    at: datetime,
    scopes: Collection[Scope] = EVERYTHING,
) -> NewToken:
    """For the first of what the person is. Raises UnknownAccount."""
    user = queries.user_by_email(session, email)
    memberships = queries.memberships_of(session, user.id) if user is not None else []
    if user is None or user.disabled_at is not None or not memberships:
        raise UnknownAccount(f"no active account has the address {email}")
    return _make(session, memberships[0], name, scopes, None, at)


def create_own(
    session: Session,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    *,
    by: Actor,
    at: datetime,
) -> NewToken:
    """For what the actor is here. Raises TooMany."""
    membership = queries.membership_of(session, by)
    if len(queries.tokens_of(session, membership.id)) >= MOST:
        raise TooMany
    return _make(session, membership, name, scopes, expires_at, at)


def _make(
    session: Session,
    membership: Membership,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None,
    at: datetime,
) -> NewToken:
    plain = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        membership_id=membership.id,
        builder_id=membership.builder_id,
        name=name[:80],
        digest=digest_of(plain),
        scopes=[scope.value for scope in Scope if scope in scopes],
        created_at=at,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return NewToken(plain, token)


def revoke(token: ApiToken, *, at: datetime) -> None:
    token.revoked_at = token.revoked_at or at


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


def note(sessions: sessionmaker[Session], token_id: UUID, at: datetime) -> None:
    """It is used; once in a while is enough."""
    with sessions.begin() as session:
        see(session, PLATFORM)
        session.execute(
            update(ApiToken)
            .where(
                ApiToken.id == token_id,
                or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= at - NOTED_EVERY),
            )
            .values(last_used_at=at)
            .execution_options(synchronize_session=False)
        )
