"""Passwords as they are kept: argon2id with the library's current parameters."""

import secrets
from base64 import b64encode
from datetime import datetime
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import User
from portal.core.passwords import Weakness, as_typed, weakness
from portal.foundation import outbox

PRODUCT: Final = "Corbel"
CHANGED: Final = "account.password_changed"


def nobodys(hasher: PasswordHasher) -> str:
    """A hash that takes as long to verify as anybody's, and that no known password has. It is
    drawn at random, not computed: every process would begin with half a second of that."""
    salt, digest = map(_encoded, (hasher.salt_len, hasher.hash_len))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


def _encoded(size: int) -> str:
    return b64encode(secrets.token_bytes(size)).decode().rstrip("=")


_hasher = PasswordHasher()
# verified against when the address is unknown, so that both cases take as long
_NOBODY = nobodys(_hasher)


class WeakPassword(ValueError):
    """A new password that anybody would try first, or that is too short."""

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness.value)
        self.weakness = weakness


class WrongPassword(ValueError):
    """It is not the person's password."""


def hash_password(password: str) -> str:
    return _hasher.hash(as_typed(password))


def password_fits(user: User | None, password: str) -> bool:
    expected = user.password_hash if user is not None and user.password_hash else _NOBODY
    try:
        return _hasher.verify(expected, as_typed(password)) and expected is not _NOBODY
    except (VerificationError, InvalidHashError):
        return False


def hash_anew(user: User, password: str) -> None:
    """A password that fits, kept with today's parameters."""
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)


def change(
    session: Session, user: User, password: str, *, at: datetime, portal: UUID | None
) -> None:
    """Keep a new one, which was found strong enough; its owner is told."""
    user.password_hash = hash_password(password)
    outbox.record(session, CHANGED, at=at, builder_id=portal, user_id=str(user.id))


def refuse_weak(session: Session, user: User, password: str) -> None:
    """Raises WeakPassword."""
    refuse_weak_for(password, user.email, user.name, *_companies(session, user.id))


def refuse_weak_for(password: str, *names: str) -> None:
    """Before there is an account. Raises WeakPassword."""
    if found := weakness(password, [*names, PRODUCT]):
        raise WeakPassword(found)


def _companies(session: Session, user_id: UUID) -> list[str]:
    memberships = queries.memberships_of(session, user_id)
    return [one.builder.name for one in memberships if one.builder is not None]
