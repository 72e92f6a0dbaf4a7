"""My tickets: those I asked for, or all of the company's for who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import lazy_pgettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core.permissions import Permission, Reach
from portal.core.ticket_states import State
from portal.foundation.clock import utcnow
from portal.foundation.paging import Cursor
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.tickets.queries import queue
from portal.tickets.queries.entries import AnyTicket, clocks_of
from portal.tickets.standing import Standing, standing_of
from portal.tickets.views import support
from portal.tickets.views.reader import pack_of

# what a customer may ask for; how we go about it (snoozed, taken) is ours
FILTERS = {
    "": _l("All"),
    "active": lazy_pgettext("filter", "Open"),
    State.WAITING_ON_CUSTOMER.value: _l("Your turn"),
    State.RESOLVED.value: lazy_pgettext("filter", "Solved"),
    State.CLOSED.value: lazy_pgettext("filter", "Closed"),
}


@dataclass(frozen=True, slots=True)
class Row:
    ticket: AnyTicket
    standing: Standing


def with_standing(tickets: Sequence[AnyTicket], now: datetime) -> list[Row]:
    """One more query, however many there are."""
    clocks = clocks_of(db(), [ticket.id for ticket in tickets])
    rows = []
    for ticket in tickets:
        pack = pack_of(ticket)
        plan = pack.nearest_plan(ticket.plan).key
        promised = pack.rule_for(ticket.severity, plan, ticket.channel).promised
        rows.append(Row(ticket, standing_of(ticket, clocks[ticket.id], now, promised=promised)))
    return rows


@support.get("/tickets")
@requires(Permission.SEE_TICKETS)
def tickets() -> Response:
    actor = the_actor()
    if actor.is_staff:
        return redirect("/queue")
    state = request.args.get("state", "")
    state = state if state in FILTERS else ""
    found = queue.own_page(db(), actor, state=state, cursor=asked_page())
    return page(
        "tickets/customer/tickets.html",
        blocks=("rows",),
        rows=with_standing(found.items, utcnow()),
        filters=FILTERS,
        state=state,
        company=actor.reach is Reach.COMPANY,
        newer=_address(state, found.previous_cursor),
        older=_address(state, found.next_cursor),
    )


def _address(state: str, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    return url_for("support.tickets", state=state or None, page=str(cursor))
