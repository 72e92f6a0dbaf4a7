"""Sending back what a builder's desk passed up."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.tickets.forms.office import WhyForm
from portal.tickets.models import Ticket
from portal.tickets.queries import escalations
from portal.tickets.service import passing
from portal.tickets.service.passing import NotPassed
from portal.tickets.views import workspace
from portal.tickets.views.desk import confirmation, ticket_of

TEMPLATE = "tickets/desk/refusal.html"


@workspace.get("/desk/<int:number>/refusal")
@requires(Permission.WORK_TICKETS)
def send_back_page(number: int) -> Response:
    _passed_up(number)
    return confirmation(TEMPLATE, number, form=WhyForm(formdata=None))


@workspace.post("/desk/<int:number>/refusal", endpoint="send_back")
@requires(Permission.WORK_TICKETS)
def send_back(number: int) -> Response:
    found, form = _passed_up(number), WhyForm()
    if not form.validate():
        return confirmation(TEMPLATE, number, form=form, status=422)
    try:
        passing.send_back(db(), found, form.why.data, by=the_actor(), at=utcnow())
    except NotPassed:
        flash(_("It is no longer with us; nothing was changed."), "info")
    else:
        flash(_("Sent back. The builder reads why."))
    return see_other(url_for("workspace.ticket", number=number))


def _passed_up(number: int) -> Ticket:
    """Raises NotFound for a ticket that nobody passed up."""
    found = ticket_of(number)
    if escalations.behind(db(), found) is None:
        raise NotFound
    return found
