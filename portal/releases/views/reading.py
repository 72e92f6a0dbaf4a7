"""What is new: the list, and each note."""

import re
from typing import Any, Final

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.foundation.speech import language
from portal.foundation.web.access import public
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page
from portal.releases import shipped
from portal.releases.addresses import JSON, NEWS, RSS
from portal.releases.models import State
from portal.releases.queries import ideas, reading
from portal.releases.queries.reading import Note
from portal.releases.views.badge import mark_seen, seen_until
from portal.releases.views.blueprint import known_modules, releases, visitor, whole, words

WHY: Final = "what has changed is for everybody who uses the product or thinks about it"
_PICTURE: Final = re.compile(r'<img[^>]* src="(/attachments/[0-9a-f-]{36})')


@releases.get("", endpoint="list")
@public(WHY)
def front() -> Response:
    module = request.args.get("module", "")
    module = module if module in known_modules() else ""
    found = reading.published(db(), module, asked_page())
    until = seen_until()
    mark_seen()
    return page(
        "releases/list.html",
        blocks=("list",),
        notes=reading.in_language(db(), found.items, language()),
        until=until,
        module=module,
        modules=known_modules(),
        newer=_address(module, found.previous_cursor),
        older=_address(module, found.next_cursor),
        canonical=whole(NEWS),
        **feed_addresses(),
        **words(),
    )


@releases.get("/<int:number>", endpoint="note")
@releases.get("/<int:number>/<slug>", endpoint="note")
@public(WHY)
def note(number: int, slug: str = "") -> Response:
    """Who writes notes sees here also what was withdrawn."""
    release = reading.by_number(db(), visitor(), number)
    found = reading.whole(db(), release, language()) if release is not None else None
    if release is None or found is None:
        raise NotFound
    if release.state == State.PUBLISHED:
        mark_seen()
    return note_page(found)


def note_page(found: Note, *, preview: bool = False) -> Response:
    release, actor = found.release, visitor()
    picture = _PICTURE.search(found.text.body_html)
    return page(
        "releases/note.html",
        note=found,
        release=release,
        text=found.text,
        ideas=ideas.of_note(db(), actor, release.id),
        others=shipped.of(db(), actor, release.id, language()),
        picture=whole(picture[1]) if picture else "",
        canonical=whole(found.path) if release.number else "",
        is_there=release.state == State.PUBLISHED,
        preview=preview,
        **feed_addresses(),
        **words(),
    )


def feed_addresses() -> dict[str, Any]:
    return {"rss": f"{RSS}?lang={language()}", "json_feed": f"{JSON}?lang={language()}"}


def _address(module: str, cursor: object) -> str:
    if cursor is None:
        return ""
    return url_for("releases.list", module=module or None, page=str(cursor))
