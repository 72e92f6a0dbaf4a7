"""Sign-ins that this browser has begun and not yet come back from.

They stand in its session, which is one of this site alone, so that nobody else can come back for
it; that each comes back once is the database's to know (`service.admission.spend`).
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from portal.accounts.oidc.provider import Attempt

KEY: Final = "sso"
LASTS: Final = timedelta(minutes=10)
MOST: Final = 3  # in as many windows; the cookie has little room
LONGEST_TARGET: Final = 500  # characters


@dataclass(frozen=True, slots=True)
class Kept:
    connection_id: UUID
    attempt: Attempt
    target: str  # where somebody wanted to go


def begin(redirect_uri: str) -> Attempt:
    return Attempt(
        state=token_urlsafe(24),
        nonce=token_urlsafe(24),
        verifier=token_urlsafe(48),
        redirect_uri=redirect_uri,
    )


def keep(session: MutableMapping[str, Any], kept: Kept, *, at: datetime) -> None:
    attempt = kept.attempt
    target = kept.target if len(kept.target) <= LONGEST_TARGET else ""
    entry = [
        str(kept.connection_id),
        attempt.nonce,
        attempt.verifier,
        attempt.redirect_uri,
        target,
        int(at.timestamp()),
    ]
    latest_first = sorted(session.get(KEY, {}).items(), key=lambda one: -one[1][-1])
    session[KEY] = dict(latest_first[: MOST - 1]) | {attempt.state: entry}


def take(session: MutableMapping[str, Any], state: str, *, at: datetime) -> Kept | None:
    """Once: it is gone afterwards. None for what was not begun here, or too long ago."""
    begun = dict(session.get(KEY, {}))
    entry = begun.pop(state, None)
    session[KEY] = begun
    if entry is None:
        return None
    connection_id, nonce, verifier, redirect_uri, target, began = entry
    if not 0 <= at.timestamp() - began <= LASTS.total_seconds():
        return None
    return Kept(UUID(connection_id), Attempt(state, nonce, verifier, redirect_uri), target)
