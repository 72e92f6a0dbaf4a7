"""An article made of an answered ticket: what is private is shown and taken out, or kept, first."""

from typing import Any
from uuid import UUID

from flask import request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.core.audience import Audience
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.speech import lazy_gettext as _l
from portal.foundation.storage import MissingFile, RefusedFile, StoreUnavailable
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.kb.addresses import draft_path
from portal.kb.service.drafting import BODY_LONGEST
from portal.tickets.queries import reach
from portal.tickets.service import articles
from portal.tickets.service.articles import TITLE, Elsewhere, Headings, Making, Unanswered
from portal.tickets.views import redaction, uploads, workspace
from portal.tickets.views.desk import desk_of, screen, ticket_of
from portal.tickets.views.redaction import Redaction

TEMPLATE = "tickets/desk/article.html"
AUDIENCES = {
    Audience.CUSTOMERS: _l("Customers"),
    Audience.PUBLIC: _l("Everybody"),
    Audience.STAFF: _l("The platform’s own people"),
}


@workspace.get("/desk/<int:number>/article", endpoint="article_page")
@requires(Permission.WRITE_ARTICLES)
def review(number: int) -> Response:
    return _page(redaction.proposed(ticket_of(number), utcnow()))


@workspace.post("/desk/<int:number>/article", endpoint="make_article")
@requires(Permission.WRITE_ARTICLES)
def make(number: int) -> Response:
    found = redaction.sent(ticket_of(number), utcnow())
    if redaction.is_only_applied():
        found.errors = []
        return _page(found)
    if _length(found) > BODY_LONGEST - 1000:
        found.errors.append(("pieces", _("This is longer than an article can be.")))
    if found.errors:
        return _page(found, status=422)
    try:
        draft = _make(found)
    except (RefusedFile, MissingFile, StoreUnavailable):
        db().rollback()
        found = redaction.sent_again(ticket_of(number), utcnow(), found)
        found.errors = [("picture", _("The pictures could not be copied just now. Try again."))]
        return _page(found, status=422)
    flash(_("A draft. Look at it once more before it is published."))
    return see_other(draft_path(draft.article_id))


@workspace.get("/desk/of/<uuid:key>", endpoint="by_key")
@requires(Permission.WORK_TICKETS)
def by_key(key: UUID) -> Response:
    """From what knows a ticket's key alone, as an article that came from it."""
    ticket = reach.ticket_by_id(db(), the_actor(), key)
    if ticket is None:
        raise NotFound
    return screen(desk_of(ticket.number))


@workspace.errorhandler(Unanswered)
def unanswered(error: Unanswered) -> Response:
    flash(_("There is no answer yet that others could read. Answer first."), "info")
    return see_other(request.path.rpartition("/")[0])


@workspace.errorhandler(Elsewhere)
def elsewhere(error: Elsewhere) -> Response:
    raise NotFound


def _length(found: Redaction) -> int:
    return len(found.part(answers=True)) + len(found.part(answers=False))


def _audience() -> Audience:
    asked = request.form.get("audience")
    return Audience(asked) if asked in set(Audience) else Audience.CUSTOMERS


def _make(found: Redaction) -> Any:
    making = Making(
        title=found.texts[TITLE],
        question=found.part(answers=False),
        answer=found.part(answers=True),
        language=found.language,
        audience=_audience(),
        module=found.ticket.module,
        pictures=found.chosen_pictures,
    )
    with force_locale(found.language):
        headings = Headings(_("The question"), _("The answer"), _("Picture"))
    return articles.begin(
        db(),
        current_runtime().store,
        found.ticket,
        making,
        headings,
        by=the_actor(),
        at=utcnow(),
        limit=uploads.limit(),
    )


def _page(found: Redaction, status: int = 200) -> Response:
    audiences = [(key.value, str(name)) for key, name in AUDIENCES.items()]
    return redaction.review_page(
        TEMPLATE, found, status, audiences=audiences, audience=_audience().value
    )
