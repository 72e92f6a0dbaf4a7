"""Sending ideas: one from its page, and all that did not get there."""

from werkzeug.wrappers import Response

from portal.backlog import trackings
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
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.ideas.addresses import idea_path
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach


@backlog.get("/ideas/<int:number>", endpoint="tracking")
@requires(Permission.WORK_TICKETS)
def tracking(number: int) -> Response:
    """A part of the idea's page, which asks for it; without a script a page."""
    return _shown(_the_idea(number))


@backlog.post("/ideas/<int:number>", endpoint="send")
@requires(Permission.RUN_IDEAS)
def send(number: int) -> Response:
    idea = _the_idea(number)
    try:
        bringing.bring(db(), idea, by=the_actor(), at=utcnow())
    except NotConnected:
        raise Problem(409, _("No tracker is connected any more.")) from None
    if is_htmx():
        return _shown(idea)
    flash(_("On its way. Its link is here as soon as it is there."))
    return see_other(idea_path(idea.number))


def _the_idea(number: int) -> FeatureRequest:
    idea = reach.by_number(db(), the_actor(), number)
    if idea is None:
        raise NotFound
    return idea


def _shown(idea: FeatureRequest) -> Response:
    one = trackings.of_idea(db(), idea, the_actor())
    return page("backlog/idea.html", blocks=("tracking",), idea=idea, one=one, in_part=is_htmx())


@backlog.post("/resumption", endpoint="resume")
@requires(Permission.MANAGE_BACKLOG)
def resume() -> Response:
    connection = items.connection(db())
    if connection is None:
        raise NotFound
    sent = bringing.try_all_again(db(), connection, by=the_actor(), at=utcnow())
    flash(ngettext("%(num)s idea is on its way.", "%(num)s ideas are on their way.", sent))
    return see_other(SETTINGS)
