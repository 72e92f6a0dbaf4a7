"""Secrets out of every text before it is kept, known again only to this installation."""

from collections.abc import Collection

from portal.core.secrets import Masked, mask
from portal.foundation.runtime import current_runtime


def masked(text: str, confirmed: Collection[str] = ()) -> Masked:
    """`confirmed` are fingerprints that the sender says are no secrets."""
    return mask(text, frozenset(confirmed), key=current_runtime().fingerprint_key)
