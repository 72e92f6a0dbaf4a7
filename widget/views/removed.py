"""“That was not a secret”, said in a panel: what was removed lies under a seal that only the memory
of this panel holds, and brings along in a header."""

from flask import Response, request

from portal.core.permissions import Permission, Role
from portal.foundation.clock import utcnow
from portal.foundation.tenancy import PLATFORM, seeing
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.tickets.forms.customer import PutBackForm
from portal.tickets.models import Ticket
from portal.tickets.service.guests import guest_of
from portal.tickets.views import masked
from portal.tickets.views.masked import Removed
from portal.tickets.views.restorations import Refused, put_back
from widget.views import views
from widget.views.reach import ticket_of
from widget.views.showing import shown

HEADER = "Corbel-Removed"


@views.post("/tickets/<int:number>/removed/<key>", endpoint="restore")
@requires(Permission.REPLY_TO_TICKETS)
def restore(number: int, key: str) -> Response:
    ticket, known, now = ticket_of(number), removed_from(number), utcnow()
    removed = next((one for one in known if one.key == key), None)
    if removed is None:
        raise NotFound
    form = PutBackForm()
    try:
        with seeing(db(), ticket.builder_id or PLATFORM):
            by = guest_of(ticket) if the_actor().role is Role.GUEST else the_actor()
            moved = put_back(ticket, removed, form, by=by, at=now)
    except Refused as refused:
        return _notice(ticket, known, form=form, tried=key, status=refused.status)
    answer = _notice(ticket, masked.without(known, removed, moved), is_back=True)
    answer.headers["HX-Trigger"] = "corbel:poll"  # the conversation shows it, too
    return answer


def removed_from(number: int) -> list[Removed]:
    return masked.unsealed(request.headers.get(HEADER, ""), number, utcnow())


def _notice(
    ticket: Ticket,
    removed: list[Removed],
    *,
    form: PutBackForm | None = None,
    tried: str = "",
    is_back: bool = False,
    status: int = 200,
) -> Response:
    return shown(
        "widget/_removed.html",
        status=status,
        ticket=ticket,
        removed=removed,
        sealed=masked.sealed(removed),
        form=form,
        tried=tried,
        is_back=is_back,
    )
