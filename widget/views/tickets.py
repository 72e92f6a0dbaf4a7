"""What somebody has asked, and what came back, within a panel."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.identity import the_sitting
from portal.core.permissions import Permission
from portal.core.secrets import Finding
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.limits import limiter
from portal.tickets.forms.customer import ReplyForm, new_press
from portal.tickets.models import Attachment, Ticket
from portal.tickets.queries import browsers, queue
from portal.tickets.queries.conversation import MessageEntry
from portal.tickets.service import attachments, following, guests, states
from portal.tickets.service.conversation import NothingWritten, TooLong, Writing, Written
from portal.tickets.service.filing import Filed
from portal.tickets.service.following import ChangedMeanwhile
from portal.tickets.views import drafts as draft_views
from portal.tickets.views import masked, uploads
from portal.tickets.views.attachments import file_of, serve, serve_preview
from portal.tickets.views.case import case_of, told
from portal.tickets.views.listing import with_standing
from portal.tickets.views.reader import serving_pack
from portal.tickets.views.uploads import Uploads
from portal.writing.service import drafts
from widget.views import views
from widget.views.reach import is_guest, ticket_of
from widget.views.removed import removed_from
from widget.views.showing import shown

FEW: Final = "20 per minute; 200 per hour"
MOST: Final = 20  # tickets in the panel's list; the rest is on the full page

views.post("/tickets/<int:number>/draft", endpoint="draft_of_reply")(draft_views.of_reply)


class PanelAddresses:
    """Where the parts of a ticket are, for our script to fetch."""

    def __init__(self, number: int) -> None:
        self.number = number

    def attachment(self, file: Attachment) -> str:
        return url_for("widget.attachment", number=self.number, attachment_id=file.id)

    def preview(self, file: Attachment) -> str:
        return url_for("widget.thumbnail", number=self.number, attachment_id=file.id)

    def original(self, message: MessageEntry) -> str:
        return ""

    def edit(self, message: MessageEntry) -> str:
        return ""


@views.get("/tickets")
@requires(Permission.READ_HELP)
def tickets() -> Response:
    actor, now = the_actor(), utcnow()
    if is_guest():
        visitor = the_sitting().visitor
        rows = with_standing(browsers.written_in(db(), visitor, limit=MOST), now)
    else:
        actor.require(Permission.SEE_TICKETS)
        rows = with_standing(queue.own_page(db(), actor, limit=MOST).items, now)
    return shown("widget/tickets.html", rows=rows, is_guest=is_guest(), most=MOST)


@views.get("/submissions/<key>")
@requires(Permission.READ_HELP)
def submission(key: str) -> Response:
    """Whether what a guest was sending when the page around the panel went away has arrived."""
    sent = browsers.was_sent(db(), the_sitting().visitor, key)
    return Response(status=204 if sent else 404)


@views.get("/tickets/<int:number>")
@requires(Permission.READ_HELP)
def ticket(number: int) -> Response:
    return _page(ticket_of(number))


@views.get("/tickets/<int:number>/conversation")
@requires(Permission.READ_HELP)
def conversation(number: int) -> Response:
    """What may have come since, for a panel that is open."""
    return shown("widget/_conversation.html", **_told(ticket_of(number), utcnow()))


@views.post("/tickets/<int:number>/replies", endpoint="reply")
@limiter.limit(FEW)
@requires(Permission.REPLY_TO_TICKETS)
def reply(number: int) -> Response:
    found, form, now = ticket_of(number), ReplyForm(), utcnow()
    sent = uploads.receive(the_actor(), now)
    if not form.validate() or sent.refusals:
        error = " ".join(str(one) for one in form.body.errors) or sent.error
        return _page(found, form=form, sent=sent, error=error, status=422)
    writing = Writing(form.body.data or "", files=sent.files, key=form.press.data or "")
    try:
        done = _replied(found, writing, now)
    except NothingWritten:
        error = _("Write something, or attach a file.")
        return _page(found, form=form, sent=sent, error=error, status=422)
    except TooLong:
        error = _("This is longer than we can take. Attach it as a file.")
        return _page(found, form=form, sent=sent, error=error, status=422)
    except (TransitionError, ChangedMeanwhile):
        db().rollback()
        error = _("The ticket changed while you were writing. Your text is still here; look again.")
        return _page(ticket_of(number), form=form, error=error, status=409)
    if not is_guest():
        drafts.forget(db(), drafts.place_of(found.id, "reply"), by=the_actor())
    return _after(found, done)


@views.post("/tickets/<int:number>/resolution", endpoint="resolve")
@requires(Permission.SETTLE_TICKETS)
def resolve(number: int) -> Response:
    found, now = ticket_of(number), utcnow()
    try:
        if is_guest():
            guests.resolve_as_guest(db(), found, at=now)
        else:
            with following.in_one_piece(db()):
                states.resolve(db(), found, by=the_actor(), at=now)
    except (TransitionError, ChangedMeanwhile):
        raise Problem(409, _("The ticket changed in the meantime. Look at it again.")) from None
    return _page(found, said=_("Glad to hear it. Thank you."))


@views.get("/tickets/<int:number>/attachments/<uuid:attachment_id>", endpoint="attachment")
@requires(Permission.READ_HELP)
def whole(number: int, attachment_id: UUID) -> BaseResponse:
    return _served(number, attachment_id, serve)


@views.get("/tickets/<int:number>/attachments/<uuid:attachment_id>/preview", endpoint="thumbnail")
@requires(Permission.READ_HELP)
def preview(number: int, attachment_id: UUID) -> BaseResponse:
    return _served(number, attachment_id, serve_preview)


def _served(
    number: int, attachment_id: UUID, how: Callable[[Attachment], BaseResponse]
) -> BaseResponse:
    return how(file_of(ticket_of(number), attachment_id, internal=False))


def _replied(found: Ticket, writing: Writing, now: datetime) -> Written | Filed:
    pack = serving_pack()
    if is_guest():
        return guests.reply_as_guest(db(), pack, found, writing, at=now)
    return following.reply(db(), pack, found, writing, by=the_actor(), at=now)


def _after(found: Ticket, done: Written | Filed) -> Response:
    if not isinstance(done, Filed):
        return _page(found, masked.from_written(done.message, done.masked))
    new = done.ticket
    if is_guest():
        guests.remember_browser(db(), new, the_sitting().visitor)
    said = _("Your message began a new ticket, #%(number)s.", number=new.number)
    return _page(new, masked.from_filed(done), said=said)


def _told(found: Ticket, now: datetime) -> dict[str, Any]:
    reader = the_actor().user_id
    return told(case_of(found, now), now, PanelAddresses(found.number), reader=reader)


def _page(
    found: Ticket,
    masked_now: Iterable[tuple[str, str, Finding]] = (),
    *,
    form: ReplyForm | None = None,
    sent: Uploads | None = None,
    error: str = "",
    said: str = "",
    status: int = 200,
) -> Response:
    now = utcnow()
    removed = [*removed_from(found.number), *masked.noted(found.number, masked_now, now)]
    return shown(
        "widget/ticket.html",
        status=status,
        body=_written(found, form),
        press=(form.press.data if form else "") or new_press(),
        error=error,
        said=said,
        removed=removed,
        sealed=masked.sealed(removed),
        sent=sent or Uploads(),
        limit=uploads.limit(),
        most=attachments.MOST,
        is_guest=is_guest(),
        **_told(found, now),
    )


def _written(found: Ticket, form: ReplyForm | None) -> str:
    if form is not None:
        return form.body.data or ""
    if is_guest():
        return ""
    draft = drafts.find(db(), drafts.place_of(found.id, "reply"), by=the_actor())
    return str(draft.fields.get("body", "")) if draft is not None else ""
