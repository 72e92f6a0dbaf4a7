"""Personal tokens for the API: only their digests are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import ApiToken

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


def digest_of(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
