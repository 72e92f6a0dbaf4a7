"""Writing to us from within a host page: the same form, promise and ticket as on our own pages."""

from datetime import datetime
from typing import Any, Final

from flask import Response, request

from portal.accounts.identity import the_sitting
from portal.core.permissions import Actor, Desk, Permission, Role
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.limits import limiter
from portal.policy.pack import Pack
from portal.tickets import promising, suggestions
from portal.tickets.captured import read_captured
from portal.tickets.forms.customer import (
    ContactForm,
    FilingForm,
    composed,
    contact_form,
    filing_form,
)
from portal.tickets.models import Ticket
from portal.tickets.service import attachments, filing, guests
from portal.tickets.service.filing import Filed, NewTicket
from portal.tickets.trouble import known_trouble
from portal.tickets.views import deflecting, masked, uploads
from portal.tickets.views import drafts as draft_views
from portal.tickets.views import filing as reporting
from portal.tickets.views.reader import serving_pack, voice_of
from portal.tickets.views.uploads import Uploads
from portal.writing.models import Draft
from portal.writing.service import drafts
from widget.views import views
from widget.views.home import asked_place, context_of
from widget.views.showing import shown

TEMPLATE: Final = "widget/contact.html"
FEW: Final = "20 per minute; 200 per hour"
PREFILLED: Final = ("subject", "body", "severity", "category")
LONGEST: Final = 5000  # characters that a host page may put into the form

views.post("/contact/draft", endpoint="draft")(draft_views.of_new)


@views.get("/contact")
@requires(Permission.CREATE_TICKETS)
def contact() -> Response:
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    if actor.role is Role.GUEST:
        form = contact_form(pack, language(), None, {"body": _given("body")}, signed_in=False)
        return _guests_page(form, pack, now, status=200)
    draft = reporting.unsent_draft(actor)
    form = filing_form(pack, language(), None, _begun(draft))
    return _page(form, pack, actor, now, draft=draft, follow=True)


@views.post("/contact", endpoint="send")
@limiter.limit(FEW)
@requires(Permission.CREATE_TICKETS)
def send() -> Response:
    """The second press of the same form finds what the first has made."""
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    if actor.role is Role.GUEST:
        return _send_as_guest(actor, pack, now)
    form = filing_form(pack, language(), None)
    sent = uploads.receive(actor, now)
    if not form.validate() or sent.refusals:
        return _page(form, pack, actor, now, sent=sent, status=422)
    new = reporting.new_ticket(form, pack, actor, sent)
    filed = filing.file_ticket(db(), pack, new, by=actor, at=now)
    if not filed.again:
        drafts.forget(db(), drafts.NEW, by=actor)
    return _sent(filed, pack, actor.role, now)


@views.post("/contact/choices")
@requires(Permission.CREATE_TICKETS)
def choices() -> Response:
    """While one types: what the words suggest, and the promise for what is chosen now."""
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    if actor.role is Role.GUEST:
        form = contact_form(pack, language(), None, signed_in=False)
        return shown(
            "widget/_follows.html",
            is_guest=True,
            promise_words=_guests_promise(form, pack, now),
            suggested=deflecting.offered(form.body.data or ""),
        )
    form = filing_form(pack, language(), None)
    values = reporting.shown_with(form, pack, actor, now, follow=True)
    return shown("widget/_follows.html", is_guest=False, **values)


@views.get("/board")
@requires(Permission.CREATE_TICKETS)
def board() -> Response:
    """On which a picture is drawn, fetched with the first one."""
    return shown("widget/board.html")


@views.post("/contact/solution", endpoint="solved")
@deflecting.limited
@requires(Permission.CREATE_TICKETS)
def solve() -> Response:
    """An article was enough: nothing is sent."""
    actor = the_actor()
    sent = uploads.receive(actor, utcnow())
    article = deflecting.settle()
    if actor.role is not Role.GUEST:
        drafts.forget(db(), drafts.NEW, by=actor)
    written = deflecting.written([file.id for file in sent.files])
    return shown("widget/solved.html", article=article, written=written)


@views.post("/contact/doubts", endpoint="not_solved")
@deflecting.limited
@requires(Permission.CREATE_TICKETS)
def doubt() -> Response:
    """It was not: the form, as it was left."""
    actor, pack, now = the_actor(), serving_pack(), utcnow()
    deflecting.take_back()
    sent = uploads.receive(actor, now)
    if actor.role is Role.GUEST:
        form = contact_form(pack, language(), None, signed_in=False)
        return _guests_page(form, pack, now, sent=sent, status=200)
    return _page(filing_form(pack, language(), None), pack, actor, now, sent=sent, follow=True)


def _send_as_guest(actor: Actor, pack: Pack, now: datetime) -> Response:
    form = contact_form(pack, language(), None, signed_in=False)
    sent = uploads.receive(actor, now)
    if not form.validate() or sent.refusals:
        return _guests_page(form, pack, now, sent=sent, status=422)
    by = guests.guest(
        name=form.name.data,
        email=form.email.data,
        locale=language(),
        zone=pack.zone,
        builder_id=actor.builder_id,
    )
    filed = guests.file_as_guest(db(), pack, _guests_ticket(form, pack, sent), by=by, at=now)
    guests.remember_browser(db(), filed.ticket, the_sitting().visitor)
    return _sent(filed, pack, Role.GUEST, now)


def _guests_ticket(form: ContactForm, pack: Pack, sent: Uploads) -> NewTicket:
    text = composed(form)
    suggestion = suggestions.propose(pack, text)
    told = read_captured(request.form.get("captured", "")) if "with_context" in request.form else {}
    told.setdefault("locale", language())
    line = text.strip().splitlines()[0].strip()
    return NewTicket(
        subject=line[: filing.SUBJECT_LONGEST],
        description=text,
        severity=suggestions.for_stranger(pack, suggestion.severity),
        category=suggestion.category,
        team=suggestion.team,
        source="contact",
        channel="contact",
        suggestion=suggestions.to_facts(suggestion),
        context_url=told.pop("page_url", None),
        context=told,
        files=sent.files,
        key=form.press.data,
        visitor=the_sitting().visitor,
    )


def _begun(draft: Draft | None) -> dict[str, Any]:
    """What the host page says goes before what was kept."""
    names = (*PREFILLED, "suggested_category", "suggested_severity")
    begun: dict[str, Any] = {name: reporting.draft_field(draft, name) for name in names}
    begun |= {name: given for name in PREFILLED if (given := _given(name))}
    found = context_of(asked_place())
    return begun | {"module": found.module, "with_context": True}


def _given(name: str) -> str:
    return request.args.get(name, "")[:LONGEST]


def _page(
    form: FilingForm,
    pack: Pack,
    actor: Actor,
    now: datetime,
    *,
    draft: Draft | None = None,
    sent: Uploads | None = None,
    follow: bool = False,
    status: int = 200,
) -> Response:
    return shown(
        TEMPLATE,
        status=status,
        draft=draft,
        is_guest=False,
        **reporting.shown_with(form, pack, actor, now, sent=sent, follow=follow),
    )


def _guests_page(
    form: ContactForm, pack: Pack, now: datetime, *, sent: Uploads | None = None, status: int
) -> Response:
    return shown(
        TEMPLATE,
        status=status,
        form=form,
        sent=sent or Uploads(),
        limit=uploads.limit(),
        most=attachments.MOST,
        known=[],
        is_guest=True,
        promise_words=_guests_promise(form, pack, now),
        suggested=deflecting.offered(form.body.data or ""),
        trouble=known_trouble(db(), the_actor(), context_of(asked_place()).module, language()),
    )


def _guests_promise(form: ContactForm, pack: Pack, now: datetime) -> str:
    suggestion = suggestions.propose(pack, form.body.data or "")
    severity = suggestions.for_stranger(pack, suggestion.severity)
    return _promised(pack, severity, "contact", Role.GUEST, now)


def _promised(pack: Pack, severity: str, channel: str, role: Role, at: datetime) -> str:
    if severity not in pack.severities:
        return ""
    return promising.before_sending(
        voice_of(pack), severity=severity, plan="", channel=channel, role=role, at=at
    )


def _sent(filed: Filed, pack: Pack, role: Role, now: datetime) -> Response:
    ticket = filed.ticket
    removed = masked.noted(ticket.number, masked.from_filed(filed), now)
    response = shown(
        "widget/sent.html",
        ticket=ticket,
        removed=removed,
        sealed=masked.sealed(removed),
        promise_words=_promise_of(ticket, pack, role, now),
        again=filed.again,
    )
    response.headers["HX-Trigger"] = f'{{"corbel:sent": {{"number": {ticket.number}}}}}'
    return response


def _promise_of(ticket: Ticket, pack: Pack, role: Role, now: datetime) -> str:
    if ticket.severity not in pack.severities:
        return ""
    at_platform = ticket.desk == Desk.PLATFORM
    return promising.before_sending(
        voice_of(pack),
        severity=ticket.severity,
        plan=ticket.plan if at_platform else "",
        channel=ticket.channel,
        role=role,
        at=now,
    )
