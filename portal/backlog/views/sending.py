"""Sending ideas: one from its page, and all that did not get there."""

from werkzeug.wrappers import Response

from portal.backlog.addresses import SETTINGS
from portal.backlog.queries import items
from portal.backlog.service import bringing
from portal.backlog.service.bringing import NotConnected
from portal.backlog.views.blueprint import backlog
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.ideas.addresses import idea_path
from portal.ideas.queries import reach


@backlog.post("/ideas/<int:number>", endpoint="send")
@requires(Permission.RUN_IDEAS)
def send(number: int) -> Response:
    idea = reach.by_number(db(), the_actor(), number)
    if idea is None:
        raise NotFound
    try:
        bringing.bring(db(), idea, by=the_actor(), at=utcnow())
    except NotConnected:
        raise Problem(409, _("No tracker is connected any more.")) from None
    flash(_("On its way. Its link is here as soon as it is there."))
    return see_other(idea_path(idea.number))


@backlog.post("/resumption", endpoint="resume")
@requires(Permission.MANAGE_BACKLOG)
def resume() -> Response:
    connection = items.connection(db())
    if connection is None:
        raise NotFound
    sent = bringing.try_all_again(db(), connection, by=the_actor(), at=utcnow())
    flash(ngettext("%(num)s idea is on its way.", "%(num)s ideas are on their way.", sent))
    return see_other(SETTINGS)
