"""All notes, for those who write them."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.speech import language
from portal.foundation.web.access import requires
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.releases.queries import reading, writing
from portal.releases.views.blueprint import releases, words
from portal.releases.wording import STATES


@releases.get("/notes")
@requires(Permission.WRITE_NEWS)
def notes() -> Response:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = writing.notes(db(), state, asked_page())
    return page(
        "releases/notes.html",
        notes=reading.in_language(db(), found.items, language()),
        state=state,
        newer=_address(state, found.previous_cursor),
        older=_address(state, found.next_cursor),
        **words(),
    )


def _address(state: str, cursor: object) -> str:
    if cursor is None:
        return ""
    return url_for("releases.notes", state=state or None, page=str(cursor))
