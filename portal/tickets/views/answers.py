"""Sending a reply or a note, its draft, and second thoughts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import TransitionError, Verb
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx, page, see_other, toast
from portal.policy.pack import Field, Template
from portal.tickets.composing import DRAFTED, NEXT_UPDATE, Composer, Filler
from portal.tickets.desk import Desk
from portal.tickets.forms.desk import (
    TEMPLATE_FIELD,
    EditForm,
    WritingForm,
    cleaned,
    template_values,
)
from portal.tickets.models import Attachment, Message, Ticket
from portal.tickets.queries import conversation as words
from portal.tickets.queries import desk as rows
from portal.tickets.recommending import ClosedLinks
from portal.tickets.service import conversation
from portal.tickets.service.conversation import (
    NothingWritten,
    TooLate,
    TooLong,
    Writing,
    Written,
)
from portal.tickets.service.templates import HalfFilled
from portal.tickets.views import uploads, workspace
from portal.tickets.views.desk import LIVE, confirmation, desk_of, screen, ticket_of
from portal.tickets.views.reader import html_of
from portal.tickets.wording import closed_links, secrets_removed
from portal.writing.service import drafts

BODY = "composer-body"


@workspace.post("/desk/<int:number>/reply")
@requires(Permission.WORK_TICKETS)
def reply(number: int) -> Response:
    """Whatever the address: what its writer called a note never leaves the house."""
    form = WritingForm()
    return _write(number, form, "reply" if form.kind.data == "reply" else "note")


@workspace.post("/desk/<int:number>/note")
@requires(Permission.WORK_TICKETS)
def note(number: int) -> Response:
    return _write(number, WritingForm(), "note")


def _write(number: int, form: WritingForm, kind: str) -> Response:
    now = utcnow()
    sent = uploads.receive(the_actor(), now)
    desk = desk_of(number)
    composer = composed(desk, form, kind, sent.files)
    if errors := _complaints(form, sent.refusals, kind, now):
        return _refused(desk, composer, errors)
    if kind == "reply" and (news := _meanwhile(desk, form.seen.data)):
        return _overtaken(desk, composer, news)
    try:
        written = _send(desk, composer, form, now)
    except HalfFilled as half:
        return _refused(desk, composer, _lacking(half))
    except ClosedLinks as closed:
        return _refused(desk, composer, [(BODY, closed_links(closed))])
    except NothingWritten:
        return _refused(desk, composer, [(BODY, _("Write something first."))])
    except TooLong:
        return _refused(desk, composer, [(BODY, _("This is longer than we can take."))])
    except TransitionError:
        db().rollback()
        error = _("The ticket has changed, so it can't be sent this way. Choose another.")
        return _refused(desk_of(number), composer, [(BODY, error)], status=409)
    return _sent(number, written, kind)


def composed(desk: Desk, form: WritingForm, kind: str, files: Sequence[Attachment]) -> Composer:
    return Composer(
        kind=kind,
        body=form.body.data or "",
        template=_template(desk, form.template.data) if kind == "reply" else None,
        values=template_values(request.form),
        next_update=str(form.next_update.raw_data[0]) if form.next_update.raw_data else "",
        then=form.then.data or Verb.REPLY_BY_AGENT,
        files=files,
    )


def _template(desk: Desk, key: str | None) -> Template | None:
    """Problem for a template that the support model does not have: nothing is sent unfilled."""
    if not key:
        return None
    if key not in desk.pack.templates:
        raise Problem(422, _("This support model has no such template. Choose another."))
    return desk.pack.templates[key]


def _complaints(
    form: WritingForm, refusals: Sequence[str], kind: str, now: datetime
) -> list[tuple[str, str]]:
    form.validate()
    found = [(BODY, str(error)) for error in form.body.errors]
    found += [("then", str(error)) for error in [*form.then.errors, *form.press.errors]]
    if kind == "reply":
        found += [(NEXT_UPDATE, str(error)) for error in form.next_update.errors]
        if form.next_update.data and form.next_update.data <= now:
            found.append((NEXT_UPDATE, _("That time is already past. Choose a later one.")))
    return found + [("attachments", refusal) for refusal in refusals]


def _meanwhile(desk: Desk, seen: str | None) -> list[Message]:
    try:
        last = UUID(seen) if seen else None
    except ValueError:
        last = None
    return rows.others_since(db(), desk.ticket, the_actor(), last)


def _send(desk: Desk, composer: Composer, form: WritingForm, now: datetime) -> Written:
    actor, moment = the_actor(), form.next_update.data
    writing = Writing(
        body=Filler(desk).words(composer, moment),
        files=composer.files,
        template=composer.key,
        key=form.press.data or "",
    )
    if composer.kind == "note":
        return conversation.note(db(), desk.ticket, writing, by=actor, at=now)
    return conversation.reply_as_agent(
        db(),
        desk.ticket,
        writing,
        by=actor,
        at=now,
        undo_seconds=desk.pack.lifecycle.undo_send_seconds,
        then=form.verb,
        next_update=moment,
    )


def _lacking(half: HalfFilled) -> list[tuple[str, str]]:
    """What to do about it, each beside the field where it is done."""
    told = [
        (_place_of(field), _("Fill in “%(field)s”.", field=field.label.to(language())))
        for field in half.fields
    ]
    for gap in half.gaps:
        gap_words = _("{%(gap)s} still stands in the text. Write something there.", gap=gap)
        told.append((BODY, gap_words))
    return told


def _place_of(field: Field) -> str:
    return NEXT_UPDATE if field.prefill == NEXT_UPDATE else f"{TEMPLATE_FIELD}{field.key}"


def _refused(
    desk: Desk,
    composer: Composer,
    errors: Sequence[tuple[str, str]] = (),
    *,
    status: int = 422,
) -> Response:
    """Nothing was sent and nothing is lost: the composer comes back as it was left."""
    kept = replace(composer, errors=errors)
    return screen(desk, blocks=("composer",), status=status, composer=kept)


def _overtaken(desk: Desk, composer: Composer, news: Sequence[Message]) -> Response:
    """Others wrote since the page was loaded. It shows their words now, so that sending once
    more sends."""
    kept = replace(composer, meanwhile=news)
    return screen(desk, blocks=("composer", *LIVE), status=409, composer=kept)


def _sent(number: int, written: Written, kind: str) -> Response:
    said = [_("Note kept.") if kind == "note" else _("Your reply is on its way.")]
    said += filter(None, [secrets_removed([finding.kind for finding in written.masked])])
    if is_htmx():
        db().flush()
        response = screen(desk_of(number), blocks=("composer", *LIVE), composer=Composer())
        return toast(response, " ".join(said))
    flash(" ".join(said))
    return see_other(url_for("workspace.ticket", number=number) + f"#m-{written.message.id}")


@workspace.post("/desk/<int:number>/draft")
@requires(Permission.WORK_TICKETS)
def draft(number: int) -> Response:
    ticket = ticket_of(number)
    kind = "note" if request.form.get("kind") == "note" else "reply"
    fields = {
        name: cleaned(value)
        for name, value in request.form.items()
        if name in DRAFTED or name.startswith(TEMPLATE_FIELD)
    }
    kept = fields if fields.get("body", "").strip() else {}
    drafts.save_as(db(), kind, ticket.id, kept, by=the_actor(), at=utcnow())
    return Response(status=204)


@workspace.post("/desk/<int:number>/messages/<uuid:key>/withdrawal")
@requires(Permission.WORK_TICKETS)
def withdraw(number: int, key: UUID) -> Response:
    ticket, message = _message_of(number, key)
    try:
        conversation.withdraw(db(), ticket, message, by=the_actor(), at=utcnow())
    except TooLate:
        raise Problem(409, _("Your reply has left already; it can't be taken back.")) from None
    flash(_("Taken back. Your words are in the composer."))
    return see_other(url_for("workspace.ticket", number=number) + "#composer")


@workspace.get("/desk/<int:number>/messages/<uuid:key>/edition")
@requires(Permission.WORK_TICKETS)
def edit_page(number: int, key: UUID) -> Response:
    _ticket, message = _message_of(number, key)
    return _edit_page(number, message, EditForm(formdata=None, body=message.body))


@workspace.post("/desk/<int:number>/messages/<uuid:key>/edition", endpoint="edit")
@requires(Permission.WORK_TICKETS)
def edit(number: int, key: UUID) -> Response:
    ticket, message = _message_of(number, key)
    form = EditForm()
    if not form.validate():
        return _edit_page(number, message, form, status=422)
    try:
        masked = conversation.edit(
            db(), ticket, message, form.body.data, by=the_actor(), at=utcnow()
        )
    except TooLate:
        raise Problem(
            409, _("Only your own words can be edited, and only for 15 minutes.")
        ) from None
    flash(" ".join([_("Edited."), secrets_removed([finding.kind for finding in masked])]).strip())
    return see_other(url_for("workspace.ticket", number=number) + f"#m-{key}")


def _edit_page(number: int, message: Message, form: EditForm, *, status: int = 200) -> Response:
    return confirmation("tickets/desk/edition.html", number, status=status, form=form, it=message)


@workspace.get("/desk/<int:number>/messages/<uuid:key>/versions")
@requires(Permission.WORK_TICKETS)
def versions(number: int, key: UUID) -> Response:
    """What a message said before each edit."""
    _ticket, message = _message_of(number, key)
    former = words.versions_of(db(), message)
    return confirmation(
        "tickets/desk/versions.html", number, it=message, former=former, html=html_of
    )


def _message_of(number: int, key: UUID) -> tuple[Ticket, Message]:
    """Raises NotFound."""
    ticket = ticket_of(number)
    message = words.message_of(db(), ticket, key)
    if message is None:
        raise NotFound
    return ticket, message


@workspace.get("/desk/mates")
@requires(Permission.WORK_TICKETS)
def mates() -> Response:
    """Who can be mentioned, as options of a list."""
    return page("tickets/desk/_mates.html", mates=rows.mates(db()))
