"""“That was not a secret”: the sender types it again, and it goes back to where it stood."""

from datetime import datetime

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Actor, Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.tickets.forms.customer import PutBackForm
from portal.tickets.models import Message, Ticket
from portal.tickets.queries import conversation as queries
from portal.tickets.service import restoration
from portal.tickets.service.restoration import Moved
from portal.tickets.views import masked, support
from portal.tickets.views.masked import Removed
from portal.tickets.views.reader import own_ticket


class Refused(ValueError):
    """Nothing was put back."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@support.get("/tickets/<int:number>/removed/<key>", endpoint="restoration")
@requires(Permission.REPLY_TO_TICKETS)
def ask(number: int, key: str) -> Response:
    ticket = own_ticket(number)
    return _page(ticket, _removed(number, key), PutBackForm(), 200)


@support.post("/tickets/<int:number>/removed/<key>", endpoint="restore")
@requires(Permission.REPLY_TO_TICKETS)
def restore(number: int, key: str) -> Response:
    ticket, now = own_ticket(number), utcnow()
    removed, form = _removed(number, key), PutBackForm()
    try:
        moved = put_back(ticket, removed, form, by=the_actor(), at=now)
    except Refused as refused:
        return _page(ticket, removed, form, refused.status)
    masked.settle(removed, moved, now)
    flash(_("It is back in its place."))
    return see_other(url_for("support.ticket", number=number))


def put_back(
    ticket: Ticket, removed: Removed, form: PutBackForm, *, by: Actor, at: datetime
) -> int:
    """By how many characters the rest moved. Raises Refused; why stands in the form."""
    if not form.validate():
        raise Refused(422)
    words = form.words.data.strip()
    if not masked.is_what_was_removed(removed, words):
        form.words.errors = [_("This is not what stood there. Enter exactly what you had written.")]
        raise Refused(422)
    message = _message(ticket, removed)
    try:
        return restoration.put_back(db(), ticket, message, removed.place, words, by=by, at=at)
    except Moved:
        form.words.errors = [_("The text has changed since. Send it as a new message instead.")]
        raise Refused(409) from None


def _removed(number: int, key: str) -> Removed:
    """What the sender's own cookie still remembers; for everybody else there is nothing."""
    known = masked.removed_from(number, utcnow())
    found = next((removed for removed in known if removed.key == key), None)
    if found is None:
        raise NotFound
    return found


def _message(ticket: Ticket, removed: Removed) -> Message | None:
    if not removed.message:
        return None
    message = queries.message_of(db(), ticket, removed.message_id)
    if message is None:
        raise NotFound
    return message


def _page(ticket: Ticket, removed: Removed, form: PutBackForm, status: int) -> Response:
    return page(
        "tickets/customer/restoration.html",
        ticket=ticket,
        removed=removed,
        form=form,
        status=status,
    )
