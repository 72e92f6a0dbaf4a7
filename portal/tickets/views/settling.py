"""What a customer decides: this solved it, it is no longer needed, it is back."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import Answer, TransitionError, Verb, allowed
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.tickets.models import Ticket
from portal.tickets.service import following, states
from portal.tickets.service.following import ChangedMeanwhile
from portal.tickets.views import support
from portal.tickets.views.reader import own_ticket


@support.post("/tickets/<int:number>/resolution", endpoint="resolve")
@requires(Permission.SETTLE_TICKETS)
def resolve(number: int) -> Response:
    return _settled(own_ticket(number), states.resolve, _("Glad to hear it. Thank you."))


@support.get("/tickets/<int:number>/closure", endpoint="closure")
@requires(Permission.SETTLE_TICKETS)
def closure(number: int) -> Response:
    ticket = own_ticket(number)
    if Verb.CLOSE not in allowed(ticket.state):
        return see_other(url_for("support.ticket", number=number))
    return page("tickets/customer/closure.html", ticket=ticket)


@support.post("/tickets/<int:number>/closure", endpoint="close")
@requires(Permission.SETTLE_TICKETS)
def close(number: int) -> Response:
    return _settled(own_ticket(number), states.close, _("The ticket is closed."))


@support.post("/tickets/<int:number>/reopening", endpoint="reopen")
@requires(Permission.SETTLE_TICKETS)
def reopen(number: int) -> Response:
    ticket = own_ticket(number)
    if following.answer_to(db(), ticket, utcnow()) is Answer.FOLLOW_UP:
        raise Problem(
            409,
            _(
                "This ticket has been closed for too long to open it again. "
                "Write a message on it instead: it begins a new ticket that is linked to this one."
            ),
        )
    return _settled(ticket, states.reopen, _("The ticket is open again."))


def _settled(ticket: Ticket, settle: Callable[..., Any], said: str) -> Response:
    try:
        with following.in_one_piece(db()):
            settle(db(), ticket, by=the_actor(), at=utcnow())
    except (TransitionError, ChangedMeanwhile):
        raise Problem(409, _("The ticket changed in the meantime. Look at it again.")) from None
    flash(said)
    return see_other(url_for("support.ticket", number=ticket.number))
