"""Sending a reply or a note, its draft, and second thoughts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.core.ticket_states import TransitionError
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.policy.pack import Template
from portal.tickets.composing import Composer, Filler
from portal.tickets.desk import Desk
from portal.tickets.forms.desk import TEMPLATE_FIELD, EditForm, WritingForm, template_values
from portal.tickets.models import Attachment, Message
from portal.tickets.queries import conversation as words
from portal.tickets.queries import desk as rows
from portal.tickets.service import conversation, drafts
from portal.tickets.service.conversation import (
    NothingWritten,
    TooLate,
    TooLong,
    Writing,
    Written,
)
from portal.tickets.service.templates import HalfFilled
from portal.tickets.views import uploads, workspace
from portal.tickets.views.desk import LIVE, answer, confirmation, desk_of, html, screen, ticket_of
from portal.tickets.wording import secrets_removed


@workspace.post("/desk/<int:number>/reply")
@requires(Permission.WORK_TICKETS)
def reply(number: int) -> Response:
    form = WritingForm()
    return _write(number, form, form.kind.data or "reply")


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
    if kind == "reply" and not form.anyway.data and (news := _meanwhile(desk, form.seen.data)):
        return _refused(desk, composer, meanwhile=news, status=409)
    try:
        written = _send(desk, composer, form, now)
    except HalfFilled as half:
        return _refused(desk, composer, _lacking(half))
    except NothingWritten:
        return _refused(desk, composer, [("composer-body", _("Write something first."))])
    except TooLong:
        return _refused(desk, composer, [("composer-body", _("This is longer than we can take."))])
    except TransitionError:
        db().rollback()
        error = _("The ticket has changed, so it can't be sent this way. Choose another.")
        return _refused(desk_of(number), composer, [("composer-body", error)], status=409)
    return _sent(number, written, kind)


def composed(desk: Desk, form: WritingForm, kind: str, files: Sequence[Attachment]) -> Composer:
    return Composer(
        kind=kind,
        body=form.body.data or "",
        template=_template(desk, form.template.data) if kind == "reply" else None,
        values=template_values(request.form),
        next_update=str(form.next_update.raw_data[0]) if form.next_update.raw_data else "",
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
    found = [("composer-body", str(error)) for error in form.body.errors]
    found += [("then", str(error)) for error in form.then.errors]
    if kind == "reply":
        found += [("next_update", str(error)) for error in form.next_update.errors]
        if form.next_update.data and form.next_update.data <= now:
            found.append(("next_update", _("That time is already past. Choose a later one.")))
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
    told = [
        (_place_of(field.key, field.prefill), _("Fill in “%(field)s”.", field=_label(field)))
        for field in half.fields
    ]
    gaps = [_("{%(gap)s} still stands in the text. Write something in its place.", gap=gap)
            for gap in half.gaps]
    return told + [("composer-body", gap) for gap in gaps]


def _place_of(key: str, prefill: str | None) -> str:
    return "next_update" if prefill == "next_update" else f"{TEMPLATE_FIELD}{key}"
