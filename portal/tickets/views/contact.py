"""Writing to us without an account or a script: a plain form, and a page to come back to."""

from datetime import datetime

from flask import Blueprint, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core.permissions import Actor, Role
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site
from portal.foundation.web.visitors import known_visitor
from portal.policy.pack import Intent, Pack
from portal.tickets import promising, suggestions
from portal.tickets.captured import web_address
from portal.tickets.forms.customer import ContactForm, composed, contact_form
from portal.tickets.service import filing, guests
from portal.tickets.service.filing import Filed, NewTicket
from portal.tickets.trouble import known_trouble
from portal.tickets.views import deflecting, masked
from portal.tickets.views.reader import serving_pack, visitor, voice_of
from portal.tickets.wording import SECRETS

contact = Blueprint("contact", __name__)

TEMPLATE = "support/contact.html"
CHANNEL = "contact"
COOKIE = "contacted"
SUBJECT_WORDS = 80  # characters of what was written that name the ticket
FEW = "20 per minute; 200 per hour"  # an office shares one address


@contact.get("/contact", endpoint="contact")
@public("the way in when nothing else works")
def blank() -> Response:
    actor, pack = visitor(), serving_pack()
    if actor is not None and actor.is_staff:
        return redirect("/queue")
    intent = pack.intents.get(request.args.get("intent", ""))
    begun = {
        "intent": intent.key if intent else "",
        "url": web_address(request.args.get("url", "")),
    }
    form = contact_form(pack, language(), intent, begun, signed_in=actor is not None)
    return _page(form, pack, intent, 200)


@contact.post("/contact", endpoint="send")
@limiter.limit(FEW)
@public("the way in when nothing else works")
def send() -> Response:
    actor, pack, now = visitor(), serving_pack(), utcnow()
    intent = pack.intents.get(request.form.get("intent", ""))
    form = contact_form(pack, language(), intent, signed_in=actor is not None)
    if {"choose", "check"} & set(request.form):  # without a script, more is asked for
        return _page(form, pack, intent, 200)
    if not form.validate():
        return _page(form, pack, intent, 422)
    new = _new(form, pack, intent, actor)
    if actor is not None:
        return _to_member(filing.file_ticket(db(), pack, new, by=actor, at=now), now)
    by = guests.guest(
        name=form.name.data,
        email=form.email.data,
        locale=language(),
        zone=pack.zone,
        builder_id=the_site().builder_id,
    )
    return _to_guest(guests.file_as_guest(db(), pack, new, by=by, at=now))


@contact.post("/contact/suggestion", endpoint="suggestion")
@limiter.limit("120 per minute")
@public("the way in when nothing else works")
def suggest() -> Response:
    """While one types: answers that are there already."""
    actor, pack = visitor(), serving_pack()
    intent = pack.intents.get(request.form.get("intent", ""))
    form = contact_form(pack, language(), intent, signed_in=actor is not None)
    return _page(form, pack, intent, 200)


@contact.post("/contact/solution", endpoint="solved")
@deflecting.limited
@public("the way in when nothing else works")
def solve() -> Response:
    """An article was enough: nothing is sent."""
    return deflecting.solve(url_for("contact.not_solved"))


@contact.post("/contact/doubts", endpoint="not_solved")
@deflecting.limited
@public("the way in when nothing else works")
def take_back() -> Response:
    """It was not: the form, as it was left."""
    actor, pack = visitor(), serving_pack()
    deflecting.take_back()
    intent = pack.intents.get(request.form.get("intent", ""))
    form = contact_form(pack, language(), intent, signed_in=actor is not None)
    return _page(form, pack, intent, 200)


@contact.get("/contact/thanks", endpoint="thanks")
@public("says what becomes of what a visitor wrote")
def thanks() -> Response:
    """From the visitor's own cookie; the link to the ticket goes to the address alone."""
    told = session.get(COOKIE)
    if not told:
        return redirect(url_for("contact.contact"))
    removed = [str(SECRETS.get(kind, kind)) for kind in told["removed"]]
    return page(
        "support/thanks.html",
        number=told["number"],
        email=told["email"],
        removed=removed,
        promise_words=_promise(told["severity"], datetime.fromisoformat(told["at"])),
    )


def _new(form: ContactForm, pack: Pack, intent: Intent | None, actor: Actor | None) -> NewTicket:
    text = composed(form)
    suggestion = suggestions.propose(pack, text, intent=intent.key if intent else "")
    severity = suggestion.severity
    return NewTicket(
        subject=_subject(form, intent),
        description=text,
        severity=severity if actor else suggestions.for_stranger(pack, severity),
        category=suggestion.category,
        team=suggestion.team,
        source="contact",
        channel=CHANNEL,
        intent=intent.key if intent else "",
        suggestion=suggestions.to_facts(suggestion),
        context_url=web_address(form.url.data or "") or None,
        context={"user_agent": request.user_agent.string[:500], "locale": language()},
        key=form.press.data,
        visitor=known_visitor(),
    )


def _subject(form: ContactForm, intent: Intent | None) -> str:
    """The first line, in so far as it fits."""
    line = str(form.body.data).strip().splitlines()[0].strip()
    short = line if len(line) <= SUBJECT_WORDS else f"{line[:SUBJECT_WORDS].rsplit(' ', 1)[0]} …"
    return f"{intent.title.to(language())}: {short}" if intent else short


def _to_member(filed: Filed, now: datetime) -> Response:
    masked.remember(filed.ticket.number, masked.from_filed(filed), now)
    flash(_("We have it. It is number #%(number)s.", number=filed.ticket.number))
    return see_other(url_for("support.ticket", number=filed.ticket.number))


def _to_guest(filed: Filed) -> Response:
    ticket = filed.ticket
    session[COOKIE] = {
        "number": ticket.number,
        "email": ticket.requester_email,
        "severity": ticket.severity,
        "at": ticket.created_at.isoformat(),
        "removed": sorted({finding.kind for finding in filed.masked}),
    }
    return see_other(url_for("contact.thanks"))


def _promise(severity: str, at: datetime) -> str:
    pack = serving_pack()
    if severity not in pack.severities:  # the support model changed since
        return ""
    return promising.before_sending(
        voice_of(pack), severity=severity, plan="", channel=CHANNEL, role=Role.GUEST, at=at
    )


def _page(form: ContactForm, pack: Pack, intent: Intent | None, status: int) -> Response:
    return page(
        TEMPLATE,
        blocks=("suggestions",),
        form=form,
        intent=intent,
        language=language(),
        status=status,
        read_before=web_address(form.url.data or ""),
        suggested=deflecting.offered(form.body.data or ""),
        trouble=known_trouble(db(), visitor(), "", language()),
        solve_action=url_for("contact.solved"),
    )
