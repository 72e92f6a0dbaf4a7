"""What an agent makes of a ticket: severity, category, team, and the checklist."""

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.policy.pack import UnknownName
from portal.tickets.forms.desk import choice_form
from portal.tickets.service import triage
from portal.tickets.views import workspace
from portal.tickets.views.desk import answer, ticket_of
from portal.tickets.views.reader import pack_of
from portal.tickets.wording import ABOUT


@workspace.post("/desk/<int:number>/<any(severity, category, team):about>")
@requires(Permission.WORK_TICKETS)
def classify(number: int, about: str) -> Response:
    ticket = ticket_of(number)
    pack = pack_of(ticket)
    known = {"severity": pack.severities, "category": pack.categories, "team": pack.teams}[about]
    form = choice_form(known)
    if not form.validate():
        raise Problem(
            422, str(form.value.errors[0] if form.value.errors else form.reason.errors[0])
        )
    changes = {about: form.value.data}
    reason = form.reason.data or ""
    triage.classify(db(), pack, ticket, by=the_actor(), at=utcnow(), reason=reason, **changes)
    return answer(number, _("%(what)s changed.", what=ABOUT[about]))


@workspace.post("/desk/<int:number>/checks/<item>")
@requires(Permission.WORK_TICKETS)
def tick(number: int, item: str) -> Response:
    ticket = ticket_of(number)
    try:
        triage.tick(db(), pack_of(ticket), ticket, item, by=the_actor(), at=utcnow())
    except UnknownName:
        raise NotFound from None
    return answer(number, _("Ticked."))


@workspace.post("/desk/<int:number>/checks/<item>/removal")
@requires(Permission.WORK_TICKETS)
def untick(number: int, item: str) -> Response:
    ticket = ticket_of(number)
    if item not in {check.key for check in pack_of(ticket).checklist}:
        raise NotFound
    triage.untick(db(), ticket, item, by=the_actor(), at=utcnow())
    return answer(number, _("Unticked."))
