"""What is kept of a secret, so that it can be known again and never read."""

import hashlib


def digest_of(plain: str) -> str:
    """SHA-256 in hexadecimal; of any text, for some come from strangers."""
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
