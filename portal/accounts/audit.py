"""What those who run a company or the platform did: apart from the history of tickets.

An entry is a fact in the same transaction as the deed; it is worded when it is shown, and nothing
changes or removes it but the retention that its builder chose.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.core.permissions import Actor


def record(
    session: Session,
    act: str,
    *,
    by: Actor,
    at: datetime,
    builder_id: UUID | None = None,
    about: str = "",
    **facts: Any,
) -> AuditEntry:
    """`act` is a noun and what became of it ("domain.verified"); `about` names the thing for people
    ("support.acme.example"). `builder_id` is whose log it stands in, by default the actor's."""
    entry = AuditEntry(
        builder_id=builder_id or by.builder_id,
        act=act,
        at=at,
        by_id=by.user_id,
        by_name=by.name,
        by_role=by.role,
        about=about[:300],
        facts=facts,
    )
    session.add(entry)
    return entry
