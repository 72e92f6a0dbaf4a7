"""What is new, in a panel: for whoever works with the product. A builder's clients are told nothing
of it."""

from typing import Final

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.core.permissions import BUILDER_STAFF
from portal.foundation.clock import utcnow
from portal.releases.queries import people, reading
from widget.slots import Screen
from widget.views.showing import html_of

FEW: Final = 4


def latest(session: Session, screen: Screen) -> Markup | None:
    actor = screen.actor
    if actor.role not in BUILDER_STAFF or actor.user_id is None:
        return None
    notes = reading.in_language(session, reading.latest(session, FEW), screen.language)
    if not notes:
        return None
    until = people.seen_until(session, actor.user_id, utcnow())
    unread = people.unread(session, actor.user_id, utcnow())
    return Markup(html_of("widget/_news.html", notes=notes, until=until, unread=unread))  # noqa: S704
