"""Unsent words: saved while typing, gone when sent."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.writing.models import Draft
from portal.writing.service import masking

LONGEST = 50_000
NEW = "new"

# put together once: that takes longer than to ask
_ITS = and_(Draft.user_id == bindparam("writer_id"), Draft.place == bindparam("where"))
_ONE = select(Draft).where(_ITS)
_FORGET = delete(Draft).where(_ITS).execution_options(synchronize_session=False)


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
    draft = find(session, place, by=by) or _begun(session, place, by, at)
    draft.fields, draft.updated_at = kept, at
    session.flush()
    return draft


def save_as(
    session: Session,
    kind: str,
    ticket_id: UUID,
    fields: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """A reply or a note; as the other kind it was the same words before they changed sides."""
    other = "reply" if kind == "note" else "note"
    forget(session, place_of(ticket_id, other), by=by)
    save(session, place_of(ticket_id, kind), fields, by=by, at=at)


def _begun(session: Session, place: str, by: Actor, at: datetime) -> Draft:
    draft = Draft(
        user_id=by.user_id, builder_id=by.builder_id, place=place, fields={}, updated_at=at
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:  # typed in two windows, saved at the same moment
        return session.scalars(_ONE, _whose(place, by)).one()
    return draft


def find(session: Session, place: str, *, by: Actor) -> Draft | None:
    return session.scalar(_ONE, _whose(place, by))


def forget(session: Session, place: str, *, by: Actor) -> None:
    session.execute(_FORGET, _whose(place, by))


def _whose(place: str, by: Actor) -> dict[str, object]:
    return {"writer_id": by.user_id, "where": place}


def place_of(ticket_id: UUID, kind: str) -> str:
    return f"{ticket_id}:{kind}"
