"""Which pages there are beside the help centre's, for search engines: of what everybody may read.

Each feature says its own, found by their numbers, so that a part of a million is as near as the
first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.foundation.numbers import FIRST
from portal.foundation.web import xml
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import the_site

INDEX: Final = "/sitemaps.xml"
MOST: Final = 2_000  # numbers of one file
SELDOM: Final = "120 per minute"

sitemaps: Final = Blueprint("sitemaps", __name__)


@dataclass(frozen=True, slots=True)
class Source:
    """`highest` is the highest number that everybody may know of, 0 where there is none; `pages`
    are path and last change of those from a number to another one."""

    highest: Callable[[Session], int]
    pages: Callable[[Session, int, int], Iterable[tuple[str, datetime]]]


_SOURCES: Final[dict[str, Source]] = {}


def register(name: str, source: Source) -> None:
    """At wiring, once."""
    _SOURCES[name] = source


@sitemaps.get(INDEX)
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def index() -> Response:
    made = xml.root("sitemapindex", xml.SITEMAP)
    for name, source in _SOURCES.items():
        for number in range(1, _parts(source) + 1):
            address = f"{the_site().root}/sitemaps/{name}-{number}.xml"
            xml.add(xml.add(made, "sitemap"), "loc", address)
    return xml.answer(made, "application/xml")


@sitemaps.get("/sitemaps/<name>-<int:number>.xml", endpoint="part")
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def of_source(name: str, number: int) -> Response:
    source = _SOURCES.get(name)
    if source is None or not 1 <= number <= _parts(source):
        raise NotFound
    low = FIRST + (number - 1) * MOST
    made = xml.root("urlset", xml.SITEMAP)
    for path, changed in source.pages(db(), low, low + MOST - 1):
        url = xml.add(made, "url")
        xml.add(url, "loc", f"{the_site().root}{path}")
        xml.add(url, "lastmod", changed.isoformat(timespec="seconds"))
    return xml.answer(made, "application/xml")


def _parts(source: Source) -> int:
    return -(-(source.highest(db()) - FIRST + 1) // MOST)
