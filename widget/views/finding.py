"""Looking for something from within a panel: help, and what one has asked oneself."""

from typing import Any, Final

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
from portal.tickets.queries.finding import find_tickets
from widget.views import views
from widget.views.home import reader
from widget.views.showing import shown

HELP: Final = ("article", "video")
SOME: Final = 6
OWN: Final = 3
FEW: Final = 3
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
    found = _found(words, HELP, SOME)
    note_search(words, language(), found.total, "widget")
    return shown("widget/found.html", found=found, tickets=own, words=words)


@views.get("/suggestions", endpoint="suggested")
@limiter.limit(OFTEN)
@requires(Permission.READ_HELP)
def suggest() -> Response:
    """While one writes to us: what may answer it at once."""
    words = " ".join(request.args.get(name, "") for name in ("subject", "body"))[:LONGEST].strip()
    hits: Any = _found(words, ("article",), FEW).hits if len(words) > SHORTEST else []
    return shown("widget/suggested.html", hits=hits)


def _found(words: str, kinds: tuple[str, ...], limit: int) -> Found:
    question = Question(
        words,
        language(),
        kinds=kinds,
        module=request.args.get("module", "")[:50],
        role=the_actor().role.value,
        typing=True,
        limit=limit,
    )
    return search.find(db(), question, reader())
