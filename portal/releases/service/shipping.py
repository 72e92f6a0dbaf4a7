"""Ideas that are there with a note: shipped in its version, and those who wanted them hear of it
from the note, once."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor
from portal.foundation import outbox
from portal.ideas.models import Status
from portal.ideas.service import statuses
from portal.ideas.service.refusals import Refusal
from portal.ideas.service.statuses import Decision
from portal.releases.happenings import SHIPPED
from portal.releases.models import Release
from portal.releases.queries import ideas as queries
from portal.releases.queries import writing

TELLER: Final = "release"


def ship(session: Session, note: Release, *, by: Actor, at: datetime) -> list[UUID]:
    """Those that were not shipped yet; in the order of their keys, as everybody holds ideas."""
    linked = queries.by_keys(session, writing.idea_keys(session, note.id))
    moved = []
    for idea in sorted(queries.final(session, linked), key=lambda one: one.id):
        decision = Decision(Status.SHIPPED, version=note.version)
        try:
            statuses.decide(session, idea, decision, by=by, at=at, told_by=TELLER)
        except Refusal:  # shipped or merged since it was linked
            continue
        moved.append(idea.id)
    if moved:
        keys = [str(key) for key in moved]
        by_id = str(by.user_id or "")
        outbox.record(
            session,
            SHIPPED,
            at=at,
            builder_id=None,
            release_id=str(note.id),
            ideas=keys,
            by=by_id,
        )
    return moved
