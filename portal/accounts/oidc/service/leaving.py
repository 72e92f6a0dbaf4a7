"""A provider says that somebody has left: their sign-ins through it end at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.oidc import queries
from portal.accounts.oidc.models import Connection
from portal.accounts.oidc.service.admission import spend
from portal.accounts.service import sessions


def end_sessions(
    session: Session, connection: Connection, claims: Mapping[str, Any], *, at: datetime
) -> int:
    """How many ended. `claims` are a logout token's, verified. Raises AdmissionRefused for one that
    came before."""
    spend(session, f"logout {connection.id} {claims['jti']}", at=at)
    logins = queries.logins_of(
        session,
        connection.id,
        subject=_text(claims, "sub"),
        provider_session=_text(claims, "sid"),
    )
    return sessions.end(session, [login.id for login in logins], at=at)


def _text(claims: Mapping[str, Any], key: str) -> str:
    said = claims.get(key)
    return said if isinstance(said, str) else ""
