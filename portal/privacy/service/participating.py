"""What a person wrote and chose in the community, as plain values."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.privacy.queries import community as queries
from portal.privacy.queries.community import Rows


def community(session: Session, user_id: UUID, scope: UUID | None) -> dict[str, Any]:
    """`scope` is the builder whose part of them it is; None: everything."""
    written = {
        "threads": queries.posts(session, user_id, scope),
        "replies": queries.replies(session, user_id, scope),
        "ideas": queries.ideas(session, user_id, scope),
        "votes_for_ideas": queries.idea_votes(session, user_id, scope),
        "comments_on_ideas": queries.comments(session, user_id, scope),
    }
    own = {
        "votes": queries.votes(session, user_id),
        "follows": queries.follows(session, user_id),
        "reports": queries.flags(session, user_id),
        "points": queries.points(session, user_id),
        "restrictions": queries.restrictions(session, user_id),
    }
    found = written | (own if scope is None else {})
    return {name: _plain(rows) for name, rows in found.items()}


def _plain(rows: Rows) -> list[dict[str, Any]]:
    return [{name: _value(value) for name, value in row._mapping.items()} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
