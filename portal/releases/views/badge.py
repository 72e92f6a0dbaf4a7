"""How many notes are new to whoever reads, beside the entry of the navigation."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Flask, current_app, g, session

from portal.core.permissions import Actor
from portal.foundation.clock import utcnow
from portal.foundation.remembered import Remembered
from portal.foundation.runtime import current_runtime
from portal.foundation.web.afterwards import note_once_answered
from portal.foundation.web.cookieless import is_cookieless
from portal.foundation.web.database import db
from portal.releases.queries import people, reading
from portal.releases.service import seen

NEWEST: Final = "corbel.news"
COUNTS: Final = "corbel.news.unread"
SEEN: Final = "news"  # in a browser's session: who has seen what is new, up to when
KEPT: Final = timedelta(seconds=15)


def init_app(app: Flask) -> None:
    app.extensions[NEWEST] = Remembered[str, datetime | None](KEPT, most=1)
    app.extensions[COUNTS] = Remembered[UUID, int](KEPT)
    app.add_template_global(unread_news)


def unread_news() -> int:
    """Asked every few seconds at most, and not at all in a browser that has seen it all."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.user_id is None or actor.is_portal_user:
        return 0
    if "unread_news" not in g:
        seen_here = not is_cookieless() and _has_seen(actor)
        g.unread_news = 0 if seen_here else _unread(actor.user_id)
    count: int = g.unread_news
    return count


def seen_until() -> datetime | None:
    """What was published later is new to whoever reads; None to a stranger."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.user_id is None or actor.is_portal_user:
        return None
    return people.seen_until(db(), actor.user_id, utcnow())


def mark_seen() -> None:
    """All that can be read now; what is published a moment later stays new."""
    actor: Actor | None = g.get("actor")
    newest = reading.newest_at(db())
    if actor is None or actor.user_id is None or actor.is_portal_user or newest is None:
        return
    g.unread_news = 0
    _counts().forget(actor.user_id)
    if not is_cookieless():
        session[SEEN] = [str(actor.user_id), newest.isoformat()]
    user_id, writers, counts = actor.user_id, current_runtime().writers, _counts()

    def write() -> None:
        with writers.begin() as own:
            seen.see_to(own, user_id, newest)
        counts.forget(user_id)

    note_once_answered(write)


def _unread(user_id: UUID) -> int:
    return _counts().get(user_id, lambda: people.unread(db(), user_id, utcnow()), at=utcnow())


def _counts() -> Remembered[UUID, int]:
    kept: Remembered[UUID, int] = current_app.extensions[COUNTS]
    return kept


def _has_seen(actor: Actor) -> bool:
    """Up to the newest that there was a moment ago."""
    known: Any = session.get(SEEN)
    if not known or known[0] != str(actor.user_id):
        return False
    newest = _newest()
    return newest is None or datetime.fromisoformat(known[1]) >= newest


def _newest() -> datetime | None:
    remembered: Remembered[str, datetime | None] = current_app.extensions[NEWEST]
    return remembered.get("newest", lambda: reading.newest_at(db()), at=utcnow())
