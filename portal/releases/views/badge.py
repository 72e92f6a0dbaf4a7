"""How many notes are new to whoever reads, beside the entry of the navigation."""

from datetime import datetime, timedelta
from typing import Any, Final

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
SEEN: Final = "news"  # in a browser's session: who has seen what is new, up to when
KEPT: Final = timedelta(seconds=15)


def init_app(app: Flask) -> None:
    app.extensions[NEWEST] = Remembered[str, datetime | None](KEPT, most=1)
    app.add_template_global(unread_news)


def unread_news() -> int:
    """Asked once a page, by pages that show it, and by none in a browser that has seen it all."""
    actor: Actor | None = g.get("actor")
    if actor is None or actor.user_id is None or actor.is_portal_user:
        return 0
    if "unread_news" not in g:
        seen_here = not is_cookieless() and _has_seen(actor)
        g.unread_news = 0 if seen_here else people.unread(db(), actor.user_id, utcnow())
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
    if not is_cookieless():
        session[SEEN] = [str(actor.user_id), newest.isoformat()]
    user_id, writers = actor.user_id, current_runtime().writers

    def write() -> None:
        with writers.begin() as own:
            seen.see_to(own, user_id, newest)

    note_once_answered(write)


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
