"""Looking for something from within a panel: help, and what one has asked oneself."""

from typing import Final

from flask import Response, request

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.formatting import language
from portal.foundation.web.limits import limiter
from portal.search import service as search
from portal.search.documents import Found, Question
from portal.search.notes import note_search
from portal.search.views.page import the_reader
from portal.tickets.queries.finding import find_tickets
from widget.views import views
from widget.views.showing import shown

HELP: Final = ("article", "video", "thread")
SOME: Final = 6
OWN: Final = 3
LONGEST: Final = 200
SHORTEST: Final = 2
OFTEN: Final = "240 per minute"  # while one types


@views.get("/search", endpoint="search")
@limiter.limit(OFTEN)
@requires(Permission.READ_HELP)
def find() -> Response:
    words = request.args.get("q", "")[:LONGEST].strip()
    if len(words) < SHORTEST:
        return shown("widget/found.html", found=Found(()), tickets=[], words="")
    actor = the_actor()
    tickets = (
        find_tickets(db(), actor, words, now=utcnow(), most=OWN)
        if actor.may(Permission.SEE_TICKETS)
        else []
    )
    own = [one for one in tickets if one.desk == actor.asks]
    module = request.args.get("module", "")[:50]
    found = _found(words, module)
    note_search(words, language(), found.total, "widget", module=module)
    return shown("widget/found.html", found=found, tickets=own, words=words)


def _found(words: str, module: str) -> Found:
    question = Question(
        words,
        language(),
        kinds=HELP,
        module=module,
        role=the_actor().role.value,
        typing=True,
        limit=SOME,
    )
    return search.find(db(), question, the_reader())
