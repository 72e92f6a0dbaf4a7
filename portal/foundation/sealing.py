"""Secrets that we must read again (of authenticators, of widget keys): encrypted where they lie.

The key comes from the installation's secret key, so that a copy of the database alone opens
nothing; with another secret key they can't be read any more.
"""

import base64


class Unreadable(ValueError):
    """Sealed under another key, or changed since."""


def seal(key: bytes, plain: str) -> str:
    """`key` has 32 bytes."""
    from cryptography.fernet import Fernet  # heavy, and rarely needed

    return Fernet(base64.urlsafe_b64encode(key)).encrypt(plain.encode()).decode()


def unseal(key: bytes, sealed: str) -> str:
    """Raises Unreadable."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Unreadable("sealed under another secret key") from error
