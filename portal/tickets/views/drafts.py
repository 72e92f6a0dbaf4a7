"""Words that are not sent yet: kept while one types, shown as they will look, thrown away."""

from collections.abc import Iterable

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.tickets.forms.customer import QUESTION
from portal.tickets.service.conversation import was_said
from portal.tickets.views import support
from portal.tickets.views.reader import html_of, own_ticket
from portal.writing.service import drafts

WORDS = ("subject", "body")
CHOICES = ("category", "severity", "suggested_category", "suggested_severity")
PLACE = ("intent", "module", "url", "press")
MOST_ANSWERS = 10


@support.post("/tickets/new/draft", endpoint="draft_of_new")
@requires(Permission.CREATE_TICKETS)
def of_new() -> Response:
    """A choice or a place alone is nothing that one would miss."""
    answers = [name for name in request.form if name.startswith(QUESTION)][:MOST_ANSWERS]
    written = _fields((*WORDS, *answers))
    if any(text.strip() for text in written.values()):
        written |= _fields((*CHOICES, *PLACE))
    drafts.save(db(), drafts.NEW, written, by=the_actor(), at=utcnow())
    return Response(status=204)


@support.post("/tickets/new/draft/removal", endpoint="drop_draft_of_new")
@requires(Permission.CREATE_TICKETS)
def drop() -> Response:
    drafts.forget(db(), drafts.NEW, by=the_actor())
    flash(_("The draft is gone. Here is an empty form."), "info")
    return see_other(url_for("support.filing"))


@support.post("/tickets/<int:number>/draft", endpoint="draft_of_reply")
@requires(Permission.REPLY_TO_TICKETS)
def of_reply(number: int) -> Response:
    """Not of what was sent while the page went away, and comes once more by that."""
    ticket = own_ticket(number)
    if was_said(db(), ticket, request.form.get("press", "")):
        return Response(status=204)
    place = drafts.place_of(ticket.id, "reply")
    drafts.save(db(), place, _fields(("body",)), by=the_actor(), at=utcnow())
    return Response(status=204)


@support.post("/preview")
@requires(Permission.CREATE_TICKETS)
def preview() -> str:
    """How the words will look; nothing is kept."""
    return str(html_of(request.form.get("body", "")))


def _fields(names: Iterable[str]) -> dict[str, str]:
    return {name: clean(request.form.get(name, "")) for name in names}
