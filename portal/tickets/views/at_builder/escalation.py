"""Passing a ticket up to the platform: reviewed message by message; and calling it back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.ids import uuid7
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.policy import desk_rules
from portal.policy.pack import Pack
from portal.policy.running import running_pack
from portal.policy.wording import Voice
from portal.tickets import promising, suggestions
from portal.tickets.forms.customer import chosen_files
from portal.tickets.forms.desk import cleaned
from portal.tickets.forms.office import PassingForm, WhyForm, passing_form
from portal.tickets.models import Ticket
from portal.tickets.queries import escalations
from portal.tickets.service import passing
from portal.tickets.service.passing import (
    AlreadyPassed,
    How,
    NothingPassed,
    NotPassed,
    Passing,
    Piece,
)
from portal.tickets.views import office
from portal.tickets.views.at_builder.ticket import ticket_of
from portal.tickets.views.reader import html_of, voice_of

TEMPLATE = "tickets/office/escalation.html"


@office.get("/<int:number>/escalation", endpoint="passing")
@requires(Permission.ESCALATE)
def review(number: int) -> Response:
    found, pack = ticket_of(number), running_pack()
    if escalations.open_of(db(), found) is not None:
        return _passed_already(number)
    pieces = passing.pieces_of(db(), found, at=utcnow())
    form = _form(pack, _begun(pack, found))
    return _page(found, form, pieces, {file.id for one in pieces for file in one.files})


@office.post("/<int:number>/escalation", endpoint="pass_up")
@requires(Permission.ESCALATE)
def pass_up(number: int) -> Response:
    found, pack, now = ticket_of(number), running_pack(), utcnow()
    form = _form(pack, {})
    pieces = [_as_chosen(piece) for piece in passing.pieces_of(db(), found, at=now)]
    files = set(chosen_files(request.form.getlist("file")))
    if "preview" in request.form:
        return _page(found, form, pieces, files, preview=True)
    if not form.validate():
        return _page(found, form, pieces, files, status=422)
    try:
        escalation = passing.pass_up(
            db(), pack, found, _decided(form, pieces, files), by=the_actor(), at=now
        )
    except AlreadyPassed:
        db().rollback()
        return _passed_already(number)
    except NothingPassed:
        form.note.errors = [_("Nothing would go up: choose a message, or write something here.")]
        return _page(found, form, pieces, files, status=422)
    above = escalation.platform_ticket.number if escalation.platform_ticket else ""
    flash(_("Passed up. The platform has it as #%(number)s.", number=above))
    return see_other(url_for("office.ticket", number=number))


def _passed_already(number: int) -> Response:
    flash(_("This ticket is with the platform already."), "info")
    return see_other(url_for("office.ticket", number=number))


def _form(pack: Pack, begun: Mapping[str, Any]) -> PassingForm:
    language = voice_of(pack).language
    form = passing_form(pack.severities, pack.categories, begun)
    form.severity.choices = [
        (level.key, f"{level.badge.to(language)}: {level.name.to(language)}")
        for level in sorted(pack.severities.values(), key=lambda level: level.rank)
    ]
    form.category.choices = [(one.key, one.name.to(language)) for one in pack.categories.values()]
    return form


def _begun(pack: Pack, found: Ticket) -> dict[str, Any]:
    suggestion = suggestions.propose(pack, f"{found.subject}\n{found.description}")
    _zone, rules = desk_rules.zone_and_rules(db(), _builder_of(found))
    return {
        "subject": found.subject,
        "severity": suggestion.severity,
        "category": suggestion.category,
        "impact": "one",
        "tells_progress": rules.tells_progress,
        "press": str(uuid7()),
    }


def _builder_of(found: Ticket) -> UUID:
    if found.builder_id is None:
        raise RuntimeError("a ticket of a builder's desk has a builder")
    return found.builder_id


def _as_chosen(piece: Piece) -> Piece:
    """As the form says; what it does not name stays here."""
    asked = request.form.get(f"how-{piece.key}", "")
    how = How(asked) if asked in set(How) else How.LEFT_OUT
    if how is not How.REDACTED:
        return replace(piece, how=how)
    return replace(piece, how=how, text=cleaned(request.form.get(f"text-{piece.key}", "")))


def _decided(form: PassingForm, pieces: Sequence[Piece], files: set[UUID]) -> Passing:
    return Passing(
        subject=form.subject.data,
        severity=form.severity.data,
        category=form.category.data,
        impact=form.impact.data,
        note=form.note.data or "",
        pieces=pieces,
        files=files,
        tells_progress=form.tells_progress.data,
        key=form.press.data or "",
    )


def _page(
    found: Ticket,
    form: PassingForm,
    pieces: Sequence[Piece],
    files: set[UUID],
    *,
    preview: bool = False,
    status: int = 200,
) -> Response:
    voice = voice_of(running_pack())
    return page(
        TEMPLATE,
        blocks=("preview",) if preview else (),
        status=status,
        ticket=found,
        form=form,
        pieces=list(_shown(pieces)),
        files=files,
        How=How,
        promise_words=_promise(voice, form.severity.data, utcnow()),
        written=html_of(passing.as_written(pieces, form.note.data or "", the_actor()))
        if preview
        else None,
    )


def _shown(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Markup]]:
    for piece in pieces:
        yield piece, html_of(piece.text)


def _promise(voice: Voice, severity: str | None, at: datetime) -> str:
    """By when the platform would answer the builder."""
    if severity is None or severity not in voice.pack.severities:
        return ""
    actor = the_actor()
    return promising.before_sending(
        voice, severity=severity, plan=actor.plan, channel="in_app", role=actor.role, at=at
    )


@office.get("/<int:number>/recall", endpoint="recall_page")
@requires(Permission.ESCALATE)
def recall_page(number: int) -> Response:
    return _recall_page(number, WhyForm(formdata=None), 200)


@office.post("/<int:number>/recall", endpoint="recall")
@requires(Permission.ESCALATE)
def recall(number: int) -> Response:
    form = WhyForm()
    if not form.validate():
        return _recall_page(number, form, 422)
    try:
        passing.recall(db(), ticket_of(number), form.why.data, by=the_actor(), at=utcnow())
    except NotPassed:
        flash(_("It is no longer with the platform; nothing was changed."), "info")
    else:
        flash(_("Called back. The platform's ticket is closed, and the two stay linked."))
    return see_other(url_for("office.ticket", number=number))


def _recall_page(number: int, form: WhyForm, status: int) -> Response:
    found = ticket_of(number)
    escalation = escalations.open_of(db(), found)
    if escalation is None:
        flash(_("It is no longer with the platform; nothing was changed."), "info")
        return see_other(url_for("office.ticket", number=number))
    above = escalation.platform_ticket.number
    return page("tickets/office/recall.html", status=status, ticket=found, above=above, form=form)
