"""Write on a ticket."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.refusals import wrong
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import once
from portal.policy import service as policy
from portal.tickets.api import rendering, sending
from portal.tickets.api.blueprint import api, ticket_in_reach
from portal.tickets.api.shapes import Message, NewMessage, TicketPath
from portal.tickets.models import Ticket
from portal.tickets.recommending import ClosedLinks
from portal.tickets.service import conversation, statuses
from portal.tickets.service.conversation import Writing, Written
from portal.tickets.wording import closed_links


@api.post(
    "/tickets/<id>/messages",
    operation_id="addMessage",
    responses=answers(201, Message, 409),
    description=(
        "A customer's words restart the clocks and reopen what was resolved. A reply of staff is "
        "the answer; it leaves a few seconds later (`leaves_at`), so that it can be taken back."
    ),
)
@requires(Permission.REPLY_TO_TICKETS, scope=Scope.WRITE_TICKETS)
@once
def add_message(header: OnceHeader, path: TicketPath, body: NewMessage) -> Response:
    """Write on a ticket"""
    ticket = ticket_in_reach(path.id)
    if body.is_internal and not the_actor().answers(ticket.desk):
        raise Problem(403, _("Notes are for staff alone; leave out is_internal."))
    if not body.is_internal:
        _refuse_when_over(ticket)
    writing = Writing(body.body, files=sending.keep(body.attachments), confirmed=body.confirmed)
    try:
        written = _write(ticket, writing, body)
    except TransitionError:
        raise _over(ticket) from None
    except ClosedLinks as closed:
        raise wrong("body", closed_links(closed)) from None
    return answer(rendering.message_of(ticket, written.message, written.masked), 201)


def _write(ticket: Ticket, writing: Writing, body: NewMessage) -> Written:
    session, actor, at = db(), the_actor(), utcnow()
    if body.is_internal:
        return conversation.note(session, ticket, writing, by=actor, at=at)
    if not actor.answers(ticket.desk):
        return conversation.reply_as_customer(session, ticket, writing, by=actor, at=at)
    undo = policy.pack_of(session, ticket.policy_version_id).lifecycle.undo_send_seconds
    return conversation.reply_as_agent(session, ticket, writing, by=actor, at=at, undo_seconds=undo)


def _refuse_when_over(ticket: Ticket) -> None:
    if statuses.too_late(db(), ticket, by=the_actor(), at=utcnow()):
        raise Problem(409, _("This was settled too long ago. Open a new ticket, please."))


def _over(ticket: Ticket) -> Problem:
    possible = statuses.allowed(db(), ticket, by=the_actor(), at=utcnow())
    detail = _("A ticket that is %(status)s takes no replies.", status=ticket.status)
    return Problem(409, detail, allowed=list(possible))
