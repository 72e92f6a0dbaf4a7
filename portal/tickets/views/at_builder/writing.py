"""Replies, notes, canned words, the draft, and second thoughts."""

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import is_htmx, see_other, toast
from portal.tickets.forms.desk import cleaned
from portal.tickets.forms.office import WritingForm
from portal.tickets.models import Ticket
from portal.tickets.queries import conversation as words
from portal.tickets.queries import office as queries
from portal.tickets.recommending import ClosedLinks
from portal.tickets.service import conversation
from portal.tickets.service.conversation import (
    NothingWritten,
    TooLate,
    TooLong,
    Writing,
    Written,
)
from portal.tickets.views import office, uploads
from portal.tickets.views.at_builder.ticket import LIVE, Composer, screen, ticket_of
from portal.tickets.views.reader import pack_of
from portal.tickets.views.uploads import Uploads
from portal.tickets.wording import closed_links, secrets_removed
from portal.writing.service import drafts


@office.post("/<int:number>/replies", endpoint="write")
@requires(Permission.WORK_DESK)
def write(number: int) -> Response:
    """Whatever the address: what its writer called a note never leaves the house."""
    found, form = ticket_of(number), WritingForm()
    sent = uploads.receive(the_actor(), utcnow())
    if "canned" in request.form:
        return _with_canned(found, form, sent)
    if not form.validate() or sent.refusals:
        found_wrong = [*form.body.errors, *form.then.errors, sent.error]
        return _refused(found, form, sent, " ".join(str(one) for one in found_wrong if one))
    try:
        written = _send(found, form, sent)
    except ClosedLinks as closed:
        return _refused(found, form, sent, closed_links(closed))
    except NothingWritten:
        return _refused(found, form, sent, _("Write something first."))
    except TooLong:
        return _refused(found, form, sent, _("This is longer than we can take."))
    except TransitionError:
        db().rollback()
        changed = _("The ticket has changed, so it can't be sent this way. Look again.")
        return _refused(ticket_of(number), form, Uploads(), changed, status=409)
    return _sent(number, form, written)


def _send(found: Ticket, form: WritingForm, sent: Uploads) -> Written:
    actor, now = the_actor(), utcnow()
    writing = Writing(form.body.data or "", files=sent.files, key=form.press.data or "")
    if form.is_note:
        return conversation.note(db(), found, writing, by=actor, at=now)
    return conversation.reply_as_agent(
        db(),
        found,
        writing,
        by=actor,
        at=now,
        undo_seconds=pack_of(found).lifecycle.undo_send_seconds,
        then=form.verb,
    )


def _with_canned(found: Ticket, form: WritingForm, sent: Uploads) -> Response:
    """What was typed so far, and the canned words after it."""
    try:
        reply = queries.canned_reply(db(), UUID(request.form["canned"]))
    except ValueError:
        reply = None
    if reply is None:
        raise NotFound
    parts = [(form.body.data or "").rstrip(), reply.body]
    composer = _composer(form, sent, "\n\n".join(part for part in parts if part))
    return screen(found, blocks=("composer",), composer=composer)


def _composer(form: WritingForm, sent: Uploads, body: str, error: str = "") -> Composer:
    kind = "note" if form.is_note else "reply"
    return Composer(body, kind, form.then.data or "", error, files=sent.files)


def _refused(
    found: Ticket, form: WritingForm, sent: Uploads, error: str, *, status: int = 422
) -> Response:
    """Nothing was sent and nothing is lost."""
    composer = _composer(form, sent, form.body.data or "", error)
    return screen(found, blocks=("composer",), status=status, composer=composer)


def _sent(number: int, form: WritingForm, written: Written) -> Response:
    said = [_("Note kept.") if form.is_note else _("Your reply is on its way.")]
    said += filter(None, [secrets_removed([finding.kind for finding in written.masked])])
    if is_htmx():
        db().flush()
        response = screen(ticket_of(number), blocks=("composer", *LIVE), composer=Composer())
        return toast(response, " ".join(said))
    flash(" ".join(said))
    return see_other(url_for("office.ticket", number=number) + f"#m-{written.message.id}")


@office.post("/<int:number>/draft")
@requires(Permission.WORK_DESK)
def draft(number: int) -> Response:
    found = ticket_of(number)
    kind = "note" if request.form.get("kind") == "note" else "reply"
    fields = {"body": cleaned(request.form.get("body"))}
    drafts.save_as(db(), kind, found.id, fields, by=the_actor(), at=utcnow())
    return Response(status=204)


@office.post("/<int:number>/messages/<uuid:key>/withdrawal")
@requires(Permission.WORK_DESK)
def withdraw(number: int, key: UUID) -> Response:
    found = ticket_of(number)
    message = words.message_of(db(), found, key)
    if message is None:
        raise NotFound
    try:
        conversation.withdraw(db(), found, message, by=the_actor(), at=utcnow())
    except TooLate:
        raise Problem(409, _("Your reply has left already; it can't be taken back.")) from None
    flash(_("Taken back. Your words are below."))
    return see_other(url_for("office.ticket", number=number) + "#composer")
