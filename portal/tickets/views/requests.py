"""A guest's ticket, behind the signed link that was sent to the guest's address."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.tenancy import PLATFORM, seeing
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from portal.tickets.forms.customer import ReplyForm, new_press
from portal.tickets.guests import ticket_number_of, token_for
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries.conversation import MessageEntry
from portal.tickets.queries.reach import ticket_of_guest
from portal.tickets.service import guests
from portal.tickets.service.conversation import NothingWritten, TooLong, Writing
from portal.tickets.service.filing import Filed
from portal.tickets.service.following import ChangedMeanwhile
from portal.tickets.views.attachments import file_of, serve, serve_preview
from portal.tickets.views.case import case_of, told
from portal.tickets.views.contact import FEW, contact
from portal.tickets.views.reader import serving_pack

LINK = "whoever holds the signed link is the guest who asked"


@contact.get("/requests/<token>")
@public(LINK)
def request(token: str) -> Response:
    return _page(token, 200)


@contact.post("/requests/<token>/replies")
@limiter.limit(FEW)
@public(LINK)
def reply(token: str) -> Response:
    form, now = ReplyForm(), utcnow()
    if not form.validate():
        return _page(token, 422, form, " ".join(str(error) for error in form.body.errors))
    writing = Writing(form.body.data or "", key=form.press.data or "")
    try:
        done = guests.reply_as_guest(db(), serving_pack(), _ticket(token), writing, at=now)
    except NothingWritten:
        return _page(token, 422, form, _("Write something first."))
    except TooLong:
        return _page(token, 422, form, _("This is longer than we can take."))
    except (TransitionError, ChangedMeanwhile):
        db().rollback()
        changed = _("The ticket changed while you were writing. Your text is still here.")
        return _page(token, 409, form, changed)
    if isinstance(done, Filed):
        number = done.ticket.number
        flash(_("Your message began a new ticket, #%(number)s.", number=number), "info")
        return see_other(url_for("contact.request", token=token_for(done.ticket)))
    flash(_("We have your message."))
    return see_other(url_for("contact.request", token=token) + f"#m-{done.message.id}")


@contact.post("/requests/<token>/resolution")
@public(LINK)
def resolve(token: str) -> Response:
    try:
        guests.resolve_as_guest(db(), _ticket(token), at=utcnow())
    except (TransitionError, ChangedMeanwhile):
        raise Problem(409, _("The ticket changed in the meantime. Look at it again.")) from None
    flash(_("Glad to hear it. Thank you."))
    return see_other(url_for("contact.request", token=token))


@contact.get("/requests/<token>/attachments/<uuid:attachment_id>")
@public(LINK)
def attachment(token: str, attachment_id: UUID) -> Response:
    return serve(_file(token, attachment_id))


@contact.get("/requests/<token>/attachments/<uuid:attachment_id>/preview")
@public(LINK)
def thumbnail(token: str, attachment_id: UUID) -> Response:
    return serve_preview(_file(token, attachment_id))


def _file(token: str, attachment_id: UUID) -> Attachment:
    ticket = _ticket(token)
    with seeing(db(), ticket.builder_id or PLATFORM):
        return file_of(ticket, attachment_id, internal=False)


def _ticket(token: str) -> Ticket:
    number, portal = ticket_number_of(token), the_site().builder_id
    with seeing(db(), portal or PLATFORM):
        ticket = ticket_of_guest(db(), number, portal) if number is not None else None
    if ticket is None:
        raise NotFound
    return ticket


@dataclass(frozen=True, slots=True)
class GuestAddresses:
    """Where the parts of a guest's ticket are."""

    token: str

    def attachment(self, file: Attachment) -> str:
        return url_for("contact.attachment", token=self.token, attachment_id=file.id)

    def preview(self, file: Attachment) -> str:
        return url_for("contact.thumbnail", token=self.token, attachment_id=file.id)

    def original(self, message: MessageEntry) -> str:
        return ""

    def edit(self, message: MessageEntry) -> str:
        return ""


def _page(token: str, status: int, form: ReplyForm | None = None, error: str = "") -> Response:
    now, ticket = utcnow(), _ticket(token)
    with seeing(db(), ticket.builder_id or PLATFORM):
        shown = told(case_of(ticket, now), now, GuestAddresses(token), reader=None)
    return page(
        "support/request.html",
        token=token,
        body=form.body.data if form else "",
        press=(form.press.data if form else "") or new_press(),
        error=error,
        status=status,
        **shown,
    )
