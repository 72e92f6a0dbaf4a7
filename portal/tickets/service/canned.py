"""Replies that a builder's team keeps at hand."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.foundation.collisions import refusing
from portal.tickets.models import CannedReply

TITLE_LONGEST = 80
BODY_LONGEST = 10_000
MOST = 200


class TitleTaken(ValueError):
    """Another reply has the title."""


class TooMany(ValueError):
    """A desk keeps MOST replies."""


def add(session: Session, title: str, body: str, *, by: Actor, at: datetime) -> CannedReply:
    """Raises TitleTaken and TooMany."""
    by.require(Permission.WORK_DESK)
    known = session.scalars(select(CannedReply.title)).all()
    if len(known) >= MOST:
        raise TooMany
    _refuse_taken(title, known)
    reply = CannedReply(builder_id=by.builder_id, title=title, body=body, updated_at=at)
    with refusing(session, TitleTaken()):
        session.add(reply)
    return reply


def change(
    session: Session, reply: CannedReply, title: str, body: str, *, by: Actor, at: datetime
) -> None:
    """Raises TitleTaken."""
    by.require(Permission.WORK_DESK)
    others = select(CannedReply.title).where(CannedReply.id != reply.id)
    _refuse_taken(title, session.scalars(others).all())
    with refusing(session, TitleTaken()):
        reply.title, reply.body, reply.updated_at = title, body, at


def remove(session: Session, reply: CannedReply, *, by: Actor) -> None:
    by.require(Permission.WORK_DESK)
    session.delete(reply)
    session.flush()


def _refuse_taken(title: str, known: Iterable[str]) -> None:
    if title.casefold() in {one.casefold() for one in known}:
        raise TitleTaken
