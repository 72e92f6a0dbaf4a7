"""What is new, for feed readers (Atom): of the platform's public articles."""

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web import xml
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.site import is_portal, the_site
from portal.kb import front
from portal.kb.addresses import article_path, category_path, home_path
from portal.kb.queries import public as queries
from portal.kb.queries.reading import Rows
from portal.kb.shelves import Shelf
from portal.kb.views.reading.blueprint import IN_LANGUAGE, reading, whole


@reading.get(f"{IN_LANGUAGE}/feed.xml")
@public("of what everybody may read")
def feed(language: str) -> Response:
    _only_at_the_platform()
    return _feed(language, _("Help centre"), home_path(language), queries.newest(db(), language))


@reading.get(f"{IN_LANGUAGE}/in/<path:key>/feed.xml")
@public("of what everybody may read")
def category_feed(language: str, key: str) -> Response:
    """With what stands below the category."""
    _only_at_the_platform()
    shelf = front.shelves(db(), queries.ANYBODY, language).get(key)
    if shelf is None or not shelf.anywhere:
        raise NotFound
    return _feed(language, shelf.title, category_path(language, key), _entries(shelf, language))


def _entries(shelf: Shelf, language: str) -> Rows:
    if shelf.id is None:
        return queries.newest_loose(db(), language)
    keys = [one.id for one in _with_all_below(shelf) if one.id is not None]
    return queries.newest_in(db(), language, keys)


def _only_at_the_platform() -> None:
    if is_portal():
        raise NotFound


def _with_all_below(shelf: Shelf) -> list[Shelf]:
    found = [shelf]
    for one in found:
        found += [below for below in one.below if below not in found]
    return found


def _feed(language: str, title: str, path: str, entries: Sequence[Any]) -> Response:
    changed = max((entry.updated_at for entry in entries), default=None)
    made = xml.root("feed", xml.ATOM)
    made.set("xml:lang", language)
    xml.add(made, "id", whole(path))
    xml.add(made, "title", f"{title} · {the_site().name}")
    xml.add(made, "updated", (changed or utcnow()).isoformat())
    xml.add(made, "link", rel="alternate", type="text/html", href=whole(path))
    xml.add(made, "link", rel="self", type="application/atom+xml", href=whole(request.path))
    xml.add(xml.add(made, "author"), "name", the_site().name)
    for entry in entries:
        about = xml.add(made, "entry")
        xml.add(about, "id", f"urn:uuid:{entry.id}")
        xml.add(about, "title", entry.title)
        xml.add(about, "link", href=whole(article_path(language, entry.slug)))
        xml.add(about, "published", entry.published_at.isoformat())
        xml.add(about, "updated", entry.updated_at.isoformat())
        xml.add(about, "summary", entry.summary)
    return xml.answer(made, "application/atom+xml", changed)
