"""Passwords as they are kept: argon2id with the library's current parameters."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.models import User

_hasher = PasswordHasher()
# verified against when the address is unknown, so that both cases take as long
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(user: User | None, password: str) -> bool:
    expected = user.password_hash if user is not None and user.password_hash else _NOBODY
    try:
        return _hasher.verify(expected, password) and expected is not _NOBODY
    except (VerificationError, InvalidHashError):
        return False
