"""Confirming a page: somebody is on it."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.tickets.service import paging
from portal.tickets.views import workspace
from portal.tickets.views.desk import answer, ticket_of


@workspace.post("/desk/<int:number>/pages/<uuid:key>/acknowledgement")
@requires(Permission.WORK_TICKETS)
def acknowledge(number: int, key: UUID) -> Response:
    paging.acknowledge(db(), ticket_of(number), key, by=the_actor(), at=utcnow())
    return answer(number, _("You are on it. Nobody else is called."))
