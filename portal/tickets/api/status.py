"""Move a ticket to another state."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.core.ticket_states import State
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.tickets.api import rendering
from portal.tickets.api.blueprint import api, ticket_in_reach
from portal.tickets.api.shapes import NewStatus, Ticket, TicketPath
from portal.tickets.service import statuses
from portal.tickets.service.statuses import Impossible, OnlyTheDesk


@api.put(
    "/tickets/<id>/status",
    operation_id="setStatus",
    responses=answers(200, Ticket, 409),
    description=(
        "Customers resolve, close and reopen (`open`); staff also begin (`in_progress`) and wait "
        "(`waiting_on_customer`). Asking for the present state changes nothing. What the present "
        "state does not allow is 409 and names in `allowed` what it does."
    ),
)
@requires(Permission.SETTLE_TICKETS, scope=Scope.WRITE_TICKETS)
def set_status(path: TicketPath, body: NewStatus) -> Response:
    """Change the state of a ticket"""
    ticket, actor = ticket_in_reach(path.id), the_actor()
    wanted = State(body.status)
    try:
        statuses.set_status(db(), ticket, wanted, by=actor, at=utcnow(), reason=body.reason)
    except OnlyTheDesk as refused:
        detail = _("Only staff can make a ticket %(status)s.", status=wanted)
        raise Problem(403, detail, allowed=list(refused.allowed)) from None
    except Impossible as refused:
        raise _impossible(ticket.status, refused) from None
    return answer(rendering.ticket_for(actor, ticket))


def _impossible(present: str, refused: Impossible) -> Problem:
    if not refused.allowed:
        detail = _("This ticket is %(present)s and stays so.", present=present)
    else:
        detail = _(
            "This ticket is %(present)s. From there it can become: %(allowed)s.",
            present=present,
            allowed=", ".join(refused.allowed),
        )
    return Problem(409, detail, allowed=list(refused.allowed))
