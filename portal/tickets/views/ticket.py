"""The page of one ticket."""

from flask import url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.tickets import addresses
from portal.tickets.forms.customer import ReplyForm, new_press
from portal.tickets.models import Ticket
from portal.tickets.queries import escalations
from portal.tickets.queries.conversation import MessageEntry
from portal.tickets.service import attachments
from portal.tickets.views import masked, support, uploads
from portal.tickets.views.case import case_of, told
from portal.tickets.views.files import MemberFiles
from portal.tickets.views.reader import ticket_in_reach
from portal.tickets.views.uploads import Uploads
from portal.writing.service import drafts

TEMPLATE = "tickets/customer/ticket.html"


@support.get("/tickets/<int:number>")
@requires(Permission.SEE_TICKETS)
def ticket(number: int) -> Response:
    found = ticket_in_reach(number)
    if the_actor().answers(found.desk):
        return redirect(addresses.for_desk(found))
    return ticket_page(found)


def ticket_page(
    ticket: Ticket,
    *,
    form: ReplyForm | None = None,
    sent: Uploads | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    actor, now = the_actor(), utcnow()
    case = case_of(ticket, now)
    draft = drafts.find(db(), drafts.place_of(ticket.id, "reply"), by=actor)
    written = form.body.data if form else (draft.fields.get("body", "") if draft else "")
    return page(
        TEMPLATE,
        blocks=("conversation", "summary", "standing", "verbs", "side"),
        status=status,
        body=written or "",
        draft=None if form else draft,
        press=(form.press.data if form else "") or new_press(),
        error=error,
        sent=sent or Uploads(),
        limit=uploads.limit(),
        most=attachments.MOST,
        removed=masked.removed_from(ticket.number, now),
        below=_below(ticket),
        **told(case, now, MemberAddresses(ticket.number), reader=actor.user_id),
    )


def _below(ticket: Ticket) -> int | None:
    """The ticket of the builder's own desk that was passed up as this one, for its team."""
    passed_up = escalations.behind(db(), ticket)
    return passed_up.ticket.number if passed_up and the_actor().may(Permission.WORK_DESK) else None


class MemberAddresses(MemberFiles):
    """Where the parts of a ticket are, for somebody with an account."""

    def original(self, message: MessageEntry) -> str:
        return url_for("support.versions", number=self.number, message_id=message.id)

    def edit(self, message: MessageEntry) -> str:
        return url_for("support.edition", number=self.number, message_id=message.id)
