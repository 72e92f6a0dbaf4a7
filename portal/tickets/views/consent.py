"""Whoever asked decides whether others may read their ticket in the forum, word by word."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.addresses import thread_path
from portal.foundation.clock import utcnow
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.errors import answer as refuse
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.policy.modules import module_name
from portal.policy.running import running_pack
from portal.tickets.models import Consent, Ticket
from portal.tickets.queries import publications
from portal.tickets.service import publishing
from portal.tickets.service.publishing import REMARK_LONGEST, OutOfDate
from portal.tickets.views import support
from portal.tickets.views.reader import html_of, own_ticket


@support.get("/tickets/<int:number>/publication", endpoint="publication")
@requires(Permission.SETTLE_TICKETS)
def publication(number: int) -> Response:
    return _page(own_ticket(number))


@support.post("/tickets/<int:number>/publication", endpoint="consent")
@requires(Permission.SETTLE_TICKETS)
def consent(number: int) -> Response:
    ticket, said = own_ticket(number), request.form.get("answer")
    remark = clean(request.form.get("remark", ""))
    if said not in ("yes", "no"):
        return _page(ticket, 422, error=_("Choose one of the two."), remark=remark)
    if len(remark) > REMARK_LONGEST:
        error = _("Make this shorter: 500 characters at most.")
        return _page(ticket, 422, error=error, remark=remark)
    publishing.answer(db(), ticket, said == "yes", remark, by=the_actor(), at=utcnow())
    flash(
        _("Thank you. We will publish it, without your name.")
        if said == "yes"
        else _("It stays private. Thank you for looking.")
    )
    return see_other(url_for("support.ticket", number=number))


@support.post("/tickets/<int:number>/publication/removal", endpoint="take_consent_back")
@requires(Permission.SETTLE_TICKETS)
def take_back(number: int) -> Response:
    ticket = own_ticket(number)
    publishing.take_back(db(), ticket, by=the_actor(), at=utcnow())
    flash(_("You took your consent back: it goes from the forum now."))
    return see_other(url_for("support.ticket", number=number))


@support.errorhandler(OutOfDate)
def out_of_date(error: OutOfDate) -> Response:
    words = _("Somebody decided on this meanwhile. Go back to see how it stands.")
    return refuse(Problem(409, words))


def _page(ticket: Ticket, status: int = 200, *, error: str = "", remark: str = "") -> Response:
    """Raises NotFound where nothing was ever asked."""
    one = publications.latest(db(), ticket)
    if one is None:
        raise NotFound
    post = publications.thread_of(db(), one.post_id)
    return page(
        "tickets/customer/publication.html",
        status=status,
        ticket=ticket,
        one=one,
        pictures=publishing.chosen_pictures(db(), one),
        category=module_name(running_pack(), one.category, language()),
        thread=thread_path(post.number, post.title) if post else "",
        html=html_of,
        Consent=Consent,
        error=error,
        remark=remark,
    )
