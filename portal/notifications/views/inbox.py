"""What the signed-in person was told."""

from uuid import UUID

from flask import Blueprint, Flask, g, request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web import formatting
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_cursor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import the_site
from portal.notifications import queries, service
from portal.notifications.kinds import KINDS

views = Blueprint("inbox", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(views)
    app.add_template_global(unread_notifications)


def unread_notifications() -> int:
    """Of the signed-in person; asked once a page, and only by pages that show it."""
    actor = g.get("actor")
    if actor is None or actor.user_id is None:
        return 0
    if "unread" not in g:
        g.unread = queries.unread(db(), (actor.user_id, the_site().builder_id))
    count: int = g.unread
    return count


@views.get("/notifications")
@requires(Permission.USE_ACCOUNT)
def index() -> Response:
    rows = queries.inbox(db(), _reader(), asked_cursor())
    lines = [
        (row, KINDS[row.kind], KINDS[row.kind].say(row.facts, formatting.when))
        for row in rows.items
        if row.kind in KINDS
    ]
    return page("notifications/inbox.html", blocks=("inbox",), rows=rows, lines=lines)


@views.get("/notifications/count")
@requires(Permission.USE_ACCOUNT)
def count() -> Response:
    """The bell alone, for pages that update themselves."""
    return page("notifications/_bell.html")


@views.post("/notifications/<uuid:key>/reading")
@requires(Permission.USE_ACCOUNT)
def read(key: UUID) -> Response:
    """Read, and on to what it is about."""
    notification = queries.notification_of(db(), _reader(), key)
    if notification is None:
        raise NotFound
    service.read(db(), notification, at=utcnow())
    return see_other(request.script_root + notification.url)


@views.post("/notifications/readings")
@requires(Permission.USE_ACCOUNT)
def read_all() -> Response:
    service.read_all(db(), _reader(), at=utcnow())
    return see_other(url_for("inbox.index"))


def _reader() -> queries.Reader:
    user_id = the_actor().user_id
    if user_id is None:
        raise Problem(403)
    return user_id, the_site().builder_id
