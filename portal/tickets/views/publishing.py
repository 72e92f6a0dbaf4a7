"""Publishing an answered ticket as a thread: the words are chosen, consent is asked, then it goes
out."""

from flask import request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.addresses import thread_path
from portal.forum.service.texts import BODY_LONGEST
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.storage import MissingFile, RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.errors import answer as refuse
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.policy.modules import module_name, modules
from portal.policy.running import running_pack
from portal.tickets.models import Consent, Publication, Ticket
from portal.tickets.queries import publications
from portal.tickets.redacting import language_of
from portal.tickets.service import publishing
from portal.tickets.service.articles import TITLE
from portal.tickets.service.publishing import AskedAlready, NobodyToAsk, OutOfDate, Wording
from portal.tickets.views import redaction, uploads, workspace
from portal.tickets.views.desk import ticket_of
from portal.tickets.views.reader import html_of
from portal.tickets.views.redaction import Redaction

TEMPLATE = "tickets/desk/thread.html"
MARGIN = 1_000  # characters for pictures and the note beneath


@workspace.get("/desk/<int:number>/thread", endpoint="publication_page")
@requires(Permission.MODERATE)
def review(number: int) -> Response:
    ticket = ticket_of(number)
    open_one = publications.current(db(), ticket)
    if open_one is not None:
        return _state_page(ticket, open_one)
    return _page(redaction.proposed(ticket, utcnow()))


@workspace.post("/desk/<int:number>/thread", endpoint="ask_to_publish")
@requires(Permission.MODERATE)
def ask(number: int) -> Response:
    ticket, now = ticket_of(number), utcnow()
    found = redaction.sent(ticket, now)
    if redaction.is_only_applied():
        found.errors = []
        return _page(found)
    found.errors += _too_long(found)
    if found.errors:
        return _page(found, 422)
    try:
        publishing.ask(db(), ticket, _wording(found), by=the_actor(), at=now)
    except NobodyToAsk:
        raise Problem(
            409, _("Whoever asked has no account in which to agree, so this cannot be published.")
        ) from None
    flash(
        _("%(name)s is asked. Nothing is published before they agree.", name=ticket.requester_name)
    )
    return _back(number)


@workspace.post("/desk/<int:number>/thread/withdrawal", endpoint="withdraw_publication")
@requires(Permission.MODERATE)
def withdraw(number: int) -> Response:
    publishing.withdraw(db(), ticket_of(number), by=the_actor(), at=utcnow())
    flash(_("It is not going to be published."))
    return see_other(url_for("workspace.ticket", number=number))


@workspace.post("/desk/<int:number>/thread/publication", endpoint="publish")
@requires(Permission.MODERATE)
def publish(number: int) -> Response:
    ticket, now = ticket_of(number), utcnow()
    try:
        post = publishing.publish(
            db(),
            current_runtime().store,
            ticket,
            _note(ticket),
            by=the_actor(),
            at=now,
            limit=uploads.limit(),
        )
    except (RefusedFile, MissingFile, StoreUnavailable):
        db().rollback()
        raise Problem(503, _("The pictures could not be copied just now. Try again.")) from None
    flash(_("It is in the forum now, and whoever asked is told."))
    return see_other(thread_path(post.number, post.title))


@workspace.errorhandler(AskedAlready)
@workspace.errorhandler(OutOfDate)
def out_of_date(error: ValueError) -> Response:
    words = _("Somebody decided on this meanwhile. Go back to see how it stands.")
    return refuse(Problem(409, words))


def _back(number: int) -> Response:
    return see_other(url_for("workspace.publication_page", number=number))


def _wording(found: Redaction) -> Wording:
    return Wording(
        title=found.texts[TITLE],
        question=found.part(answers=False),
        answer=found.part(answers=True),
        language=found.language,
        category=_category(found.ticket),
        pictures=found.chosen_pictures,
    )


def _too_long(found: Redaction) -> list[tuple[str, str]]:
    errors = []
    if not found.part(answers=False):
        errors.append(("pieces", _("Choose a question, and leave words in it.")))
    if any(len(found.part(answers=one)) > BODY_LONGEST - MARGIN for one in (True, False)):
        errors.append(("pieces", _("This is longer than a post can be.")))
    return errors


def _category(ticket: Ticket) -> str:
    known = modules(running_pack(), language())
    asked = request.form.get("category") or ticket.module
    return asked if asked in known else next(iter(known))


def _note(ticket: Ticket) -> str:
    with force_locale(language_of(ticket)):
        return _("Asked in a ticket; published with the consent of whoever asked.")


def _page(found: Redaction, status: int = 200) -> Response:
    ended = publications.latest(db(), found.ticket)
    return redaction.review_page(
        TEMPLATE,
        found,
        status,
        categories=list(modules(running_pack(), language()).items()),
        category=_category(found.ticket),
        ended=ended,
    )


def _state_page(ticket: Ticket, publication: Publication) -> Response:
    post = publications.thread_of(db(), publication.post_id)
    return page(
        "tickets/desk/publication.html",
        ticket=ticket,
        one=publication,
        pictures=publishing.chosen_pictures(db(), publication),
        category=module_name(running_pack(), publication.category, language()),
        thread=thread_path(post.number, post.title) if post else "",
        html=html_of,
        Consent=Consent,
    )
