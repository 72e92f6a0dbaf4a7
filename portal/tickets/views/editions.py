"""Second thoughts on one's own words; what they were stays readable."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.tickets.forms.customer import EditForm
from portal.tickets.models import Message, Ticket
from portal.tickets.queries import conversation as queries
from portal.tickets.service import conversation as service
from portal.tickets.service.conversation import EDIT_WINDOW, TooLate
from portal.tickets.views import masked, support
from portal.tickets.views.reader import html_of, own_ticket, ticket_in_reach


@support.get("/tickets/<int:number>/messages/<uuid:message_id>/edition", endpoint="edition")
@requires(Permission.REPLY_TO_TICKETS)
def edition(number: int, message_id: UUID) -> Response:
    found = own_ticket(number)
    message = _own_message(found, message_id)
    if utcnow() > message.created_at + EDIT_WINDOW:
        return _too_late(number)
    return _edit_page(found, message, EditForm(data={"body": message.body}), 200)


@support.post("/tickets/<int:number>/messages/<uuid:message_id>/edition", endpoint="edit")
@requires(Permission.REPLY_TO_TICKETS)
def edit(number: int, message_id: UUID) -> Response:
    found, form, now = own_ticket(number), EditForm(), utcnow()
    message = _own_message(found, message_id)
    if not form.validate():
        return _edit_page(found, message, form, 422)
    try:
        findings = service.edit(db(), found, message, form.body.data, by=the_actor(), at=now)
    except TooLate:
        form.body.errors = [
            _("It is too late to change this message. Copy your text and send it as a reply.")
        ]
        return _edit_page(found, message, form, 409)
    masked.forget(number, str(message_id), now)
    masked.remember(number, masked.from_written(message, findings), now)
    return see_other(url_for("support.ticket", number=number) + f"#m-{message_id}")


def _own_message(ticket: Ticket, message_id: UUID) -> Message:
    message = queries.message_of(db(), ticket, message_id)
    if message is None or message.sender_id != the_actor().user_id or message.is_internal:
        raise NotFound
    return message


def _too_late(number: int) -> Response:
    flash(_("It is too late to change that message. You can add another."), "warn")
    return see_other(url_for("support.ticket", number=number))


def _edit_page(ticket: Ticket, message: Message, form: EditForm, status: int) -> Response:
    until = message.created_at + EDIT_WINDOW
    return page(
        "tickets/customer/edition.html",
        ticket=ticket,
        message=message,
        form=form,
        until=until,
        status=status,
    )


@support.get("/tickets/<int:number>/messages/<uuid:message_id>/versions", endpoint="versions")
@requires(Permission.SEE_TICKETS)
def versions(number: int, message_id: UUID) -> Response:
    """What a message said before it was edited."""
    found = ticket_in_reach(number)
    message = queries.message_of(db(), found, message_id)
    internal = the_actor().answers(found.desk)
    known = queries.conversation(db(), found, internal=internal, now=utcnow())
    if message is None or message.id not in {one.id for one in known}:
        raise NotFound
    former = queries.versions_of(db(), message)
    return page(
        "tickets/customer/versions.html",
        ticket=found,
        message=message,
        versions=[(version.replaced_at, html_of(version.body)) for version in former],
        present=html_of(message.body),
    )
