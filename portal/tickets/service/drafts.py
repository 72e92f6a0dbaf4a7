"""Unsent words: saved while typing, gone when sent."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.tickets.models import Draft
from portal.tickets.service import masking

LONGEST = 50_000
NEW = "new"


def save(
    session: Session, place: str, fields: Mapping[str, str], *, by: Actor, at: datetime
) -> Draft | None:
    """Keep what was typed, secrets masked; empty fields forget the draft."""
    kept = {
        name: masking.masked(text[:LONGEST]).text for name, text in fields.items() if text.strip()
    }
    if not kept:
        forget(session, place, by=by)
        return None
    draft = find(session, place, by=by)
    if draft is None:
        draft = Draft(user_id=by.user_id, builder_id=by.builder_id, place=place)
        session.add(draft)
    draft.fields, draft.updated_at = kept, at
    session.flush()
    return draft


def find(session: Session, place: str, *, by: Actor) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.user_id == by.user_id, Draft.place == place))


def forget(session: Session, place: str, *, by: Actor) -> None:
    session.execute(delete(Draft).where(Draft.user_id == by.user_id, Draft.place == place))


def place_of(ticket_id: UUID, kind: str) -> str:
    return f"{ticket_id}:{kind}"
