"""What a builder's clients and vendors asked it, by urgency."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission, Reach
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.tickets.queries import office as queries
from portal.tickets.queries.office import View
from portal.tickets.views import office
from portal.tickets.views.listing import with_standing

LABELS = {
    View.OPEN: _l("Open"),
    View.MINE: _l("Mine"),
    View.FREE: _l("Nobody's"),
    View.ISSUES: _l("Platform issues"),
    View.DONE: _l("Done"),
}


@office.get("")
@requires(Permission.WORK_DESK)
def inbox() -> Response:
    actor = the_actor()
    view = _view(request.args.get("view", ""))
    found = queries.inbox(db(), actor, view, asked_page())
    return page(
        "tickets/office/inbox.html",
        blocks=("rows",),
        view=view,
        labels=LABELS if actor.reach is not Reach.GIVEN else {View.OPEN: LABELS[View.OPEN]},
        counts=queries.counts(db(), actor),
        rows=with_standing(found.items, utcnow()),
        newer=_address(view, found.previous_cursor),
        older=_address(view, found.next_cursor),
    )


def _view(asked: str) -> View:
    return View(asked) if asked in set(View) else View.OPEN


def _address(view: View, cursor: Cursor | None) -> str:
    return url_for("office.inbox", view=view, page=str(cursor)) if cursor else ""
