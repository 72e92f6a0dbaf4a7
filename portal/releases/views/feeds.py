"""What is new, for feed readers: RSS and JSON Feed."""

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element

from flask import Blueprint, request
from markupsafe import escape
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.foundation.speech import catalogue_of, language
from portal.foundation.web import xml
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.site import the_site
from portal.releases.addresses import JSON, NEWS, RSS
from portal.releases.queries import reading
from portal.releases.queries.reading import Note
from portal.releases.views.blueprint import whole

feeds: Final = Blueprint("release_feeds", __name__)
WHY: Final = "of what everybody may read"
TITLE: Final = "What’s new"
JSON_FEED: Final = "https://jsonfeed.org/version/1.1"


@feeds.get(RSS, endpoint="rss")
@public(WHY)
def rss() -> Response:
    spoken, notes = _asked_language(), _notes(_asked_language())
    made = Element("rss", {"version": "2.0", "xmlns:atom": xml.ATOM})
    channel = xml.add(made, "channel")
    xml.add(channel, "title", _title(spoken))
    xml.add(channel, "link", whole(NEWS))
    xml.add(channel, "description", _title(spoken))
    xml.add(channel, "language", spoken)
    own = {"href": whole(f"{RSS}?lang={spoken}"), "rel": "self", "type": "application/rss+xml"}
    xml.add(channel, "atom:link", **own)
    for note in notes:
        item = xml.add(channel, "item")
        xml.add(item, "title", note.name)
        xml.add(item, "link", whole(note.path))
        xml.add(item, "guid", f"urn:uuid:{note.release.id}", isPermaLink="false")
        xml.add(item, "pubDate", format_datetime(_published_at(note)))
        xml.add(item, "description", _html(note))
        for module in note.release.modules:
            xml.add(item, "category", module)
    return _varying(xml.answer(made, "application/rss+xml", _changed(notes)))


@feeds.get(JSON, endpoint="json")
@public(WHY)
def json_feed() -> Response:
    spoken, notes = _asked_language(), _notes(_asked_language())
    told = {
        "version": JSON_FEED,
        "title": _title(spoken),
        "home_page_url": whole(NEWS),
        "feed_url": whole(f"{JSON}?lang={spoken}"),
        "language": spoken,
        "items": [_item(note) for note in notes],
    }
    body = json.dumps(told, ensure_ascii=False)
    response = Response(body, content_type="application/feed+json; charset=utf-8")
    response.headers["Cache-Control"] = xml.FRESH
    response.add_etag()
    response.last_modified = _changed(notes)
    return _varying(response.make_conditional(request.environ))


def _item(note: Note) -> dict[str, object]:
    return {
        "id": f"urn:uuid:{note.release.id}",
        "url": whole(note.path),
        "title": note.name,
        "summary": note.text.summary,
        "content_html": _html(note),
        "date_published": _published_at(note).isoformat(),
        "language": note.text.language,
        "tags": list(note.release.modules),
    }


def _asked_language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LOCALES else language()


def _notes(spoken: str) -> list[Note]:
    return reading.with_bodies(db(), reading.latest(db(), reading.ENTRIES), spoken)


def _title(spoken: str) -> str:
    return f"{catalogue_of(spoken).gettext(TITLE)} · {the_site().name}"


def _html(note: Note) -> str:
    """With addresses that lead there from anywhere."""
    body = note.text.body_html.replace('src="/', f'src="{the_site().root}/')
    body = body.replace('href="/', f'href="{the_site().root}/')
    return f"<p>{escape(note.text.summary)}</p>\n{body}" if note.text.summary else body


def _published_at(note: Note) -> datetime:
    return note.release.published_at or note.release.updated_at


def _changed(notes: list[Note]) -> datetime | None:
    return max((note.release.updated_at for note in notes), default=None)


def _varying(response: Response) -> Response:
    """Without `?lang=` it is in the reader's own."""
    response.vary.add("Accept-Language")
    response.vary.add("Cookie")
    return response
