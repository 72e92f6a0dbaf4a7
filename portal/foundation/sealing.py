"""Secrets that we must be able to read again, such as a provider's, as the database has them.

Sealed with a key of their own, made from the installation's secret key: a copy of the database
alone opens none of them.
"""

import hashlib
from base64 import urlsafe_b64encode


class SealBroken(ValueError):
    """It was sealed under another secret key, or changed since."""


def sealing_key(secret: str) -> bytes:
    return hashlib.sha256(b"sealing" + secret.encode()).digest()


def seal(key: bytes, plain: str) -> str:
    from cryptography.fernet import Fernet  # with the first secret that is kept

    return Fernet(urlsafe_b64encode(key)).encrypt(plain.encode()).decode("ascii")


def unseal(key: bytes, sealed: str) -> str:
    """Raises SealBroken."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        return Fernet(urlsafe_b64encode(key)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken("the secret was sealed under another key") from error
