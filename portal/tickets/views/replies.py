"""The customer's word on a ticket."""

from datetime import datetime

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.tickets.forms.customer import ReplyForm
from portal.tickets.models import Ticket
from portal.tickets.service import following
from portal.tickets.service.conversation import NothingWritten, TooLong, Writing, Written
from portal.tickets.service.filing import Filed
from portal.tickets.service.following import ChangedMeanwhile
from portal.tickets.views import masked, support, uploads
from portal.tickets.views.reader import own_ticket, serving_pack
from portal.tickets.views.ticket import ticket_page
from portal.tickets.views.uploads import Uploads

TRIES = 2


@support.post("/tickets/<int:number>/replies", endpoint="reply")
@requires(Permission.REPLY_TO_TICKETS)
def reply(number: int) -> Response:
    found, form, actor, now = own_ticket(number), ReplyForm(), the_actor(), utcnow()
    sent = uploads.receive(actor, now)
    if not form.validate() or sent.refusals:
        error = " ".join(str(e) for e in form.body.errors) or sent.error
        return ticket_page(found, form=form, sent=sent, error=error, status=422)
    try:
        done = _send(number, form, sent, now)
    except NothingWritten:
        error = _("Write something, or attach a file.")
        return ticket_page(own_ticket(number), form=form, sent=sent, error=error, status=422)
    except TooLong:
        error = _("This is longer than we can take. Attach it as a file.")
        return ticket_page(own_ticket(number), form=form, sent=sent, error=error, status=422)
    except (TransitionError, ChangedMeanwhile):
        db().rollback()
        error = _("The ticket changed while you were writing. Your text is still here; look again.")
        return ticket_page(own_ticket(number), form=form, sent=sent, error=error, status=409)
    return _sent(found, done, now)


def _send(number: int, form: ReplyForm, sent: Uploads, now: datetime) -> Written | Filed:
    """Once more when somebody else changed the ticket at the same moment."""
    for attempt in range(1, TRIES + 1):
        files = sent.files if attempt == 1 else uploads.again(sent, the_actor())
        writing = Writing(form.body.data or "", files=files, key=form.press.data or "")
        try:
            return following.reply(
                db(), serving_pack(), own_ticket(number), writing, by=the_actor(), at=now
            )
        except ChangedMeanwhile:
            if attempt == TRIES:
                raise
            db().rollback()
    raise AssertionError("the last try returns or raises")


def _sent(found: Ticket, done: Written | Filed, now: datetime) -> Response:
    if isinstance(done, Filed):
        new = done.ticket.number
        masked.remember(new, masked.from_filed(done), now)
        flash(
            _(
                "#%(old)s has been closed for a while, so your message began a new ticket, "
                "#%(new)s. The two are linked.",
                old=found.number,
                new=new,
            ),
            "info",
        )
        return see_other(url_for("support.ticket", number=new))
    message = done.message
    masked.remember(found.number, masked.from_written(message, done.masked), now)
    return see_other(url_for("support.ticket", number=found.number) + f"#m-{message.id}")
