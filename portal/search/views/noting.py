"""What the page's script says: that somebody has done typing, or has opened something."""

from uuid import UUID

from flask import Response, request

from portal.accounts.service import LOCALES
from portal.foundation.clock import utcnow
from portal.foundation.tenancy import PLATFORM, seeing
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.visitors import looking, the_company
from portal.search.asking import MOST_CHARACTERS
from portal.search.documents import Question
from portal.search.notes import looked_for
from portal.search.service import find
from portal.search.service.noting import note, note_opened
from portal.search.views.page import search, the_reader

KINDS = frozenset({"article", "video", "thread", "idea", "roadmap", "release"})


@search.post("/search/notes")
@public("that somebody looked for something; it tells nothing back")
def settled() -> Response:
    """By our own script: `q` when typing was over, `kind` and `id` when a result was opened."""
    sent = request.form
    words, at = sent.get("q", "")[:MOST_CHARACTERS], utcnow()
    opened = _id(sent.get("id", ""))
    with seeing(db(), the_company() or PLATFORM):
        if words.strip():
            note(db(), looked_for(words, *_settled_in(words, sent.get("lang", "")), "page"), at=at)
        if opened is not None and sent.get("kind") in KINDS:
            note_opened(db(), looking(), sent["kind"], opened, at=at)
    return Response(status=204)


def _settled_in(words: str, language: str) -> tuple[str, int]:
    """What a script says of the number of hits is not believed."""
    spoken = language if language in LOCALES else LOCALES[0]
    return spoken, find(db(), Question(words, spoken, limit=1), the_reader()).total


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
