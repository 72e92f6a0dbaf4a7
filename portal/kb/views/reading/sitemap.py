"""Which addresses there are, for search engines: the platform's public pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import Any, Final

from flask import Response as PlainResponse
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.foundation.web import xml
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import is_portal
from portal.foundation.web.sitemaps import INDEX
from portal.kb import front
from portal.kb.addresses import article_path, category_path, home_path
from portal.kb.queries import public as queries
from portal.kb.views.reading.blueprint import reading, whole

MOST: Final = 500  # topics of one file: more take long to write down
SELDOM: Final = "120 per minute"
LINK: Final = f"{{{xml.XHTML}}}link"
ROBOTS: Final = """\
User-agent: *
Disallow: /api/
Disallow: /search
Disallow: /b/

Sitemap: {sitemap}
Sitemap: {others}
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page in all the languages that it has, as (language, path)."""

    language: str
    path: str
    translations: Sequence[tuple[str, str]]
    changed: datetime | None = None


@reading.get("/robots.txt")
@public("for search engines")
def robots() -> Response:
    _only_at_the_platform()
    body = ROBOTS.format(sitemap=whole("/sitemap.xml"), others=whole(INDEX))
    return PlainResponse(body, mimetype="text/plain", headers={"Cache-Control": xml.FRESH})


@reading.get("/sitemap.xml")
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def sitemap() -> Response:
    """All of it, or where its parts are."""
    _only_at_the_platform()
    parts = ceil(queries.number(db()) / MOST)
    if parts < 2:
        return _answer(_part(1))
    made = xml.root("sitemapindex", xml.SITEMAP)
    for number in range(1, parts + 1):
        xml.add(xml.add(made, "sitemap"), "loc", whole(f"/sitemap-{number}.xml"))
    return xml.answer(made, "application/xml")


@reading.get("/sitemap-<int:number>.xml")
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def sitemap_part(number: int) -> Response:
    _only_at_the_platform()
    if not 1 <= number <= ceil(queries.number(db()) / MOST):
        raise NotFound
    return _answer(_part(number))


def _only_at_the_platform() -> None:
    if is_portal():
        raise NotFound


def _part(number: int) -> Iterator[Page]:
    """The first also has the shelves."""
    if number == 1:
        yield from _shelves()
    rows = queries.addresses(db(), (number - 1) * MOST, MOST)
    for _topic, articles in groupby(rows, key=lambda row: row.topic_id):
        yield from _of_topic(list(articles))


def _shelves() -> Iterator[Page]:
    yield from _in_all_languages({code: home_path(code) for code in LOCALES})
    for shelf in front.shelves(db(), queries.ANYBODY, LOCALES[0]).values():
        if shelf.anywhere:
            yield from _in_all_languages({code: category_path(code, shelf.key) for code in LOCALES})


def _in_all_languages(paths: dict[str, str]) -> Iterator[Page]:
    for code, path in paths.items():
        yield Page(code, path, list(paths.items()))


def _of_topic(rows: Sequence[Any]) -> Iterator[Page]:
    places = [(row.language, article_path(row.language, row.slug)) for row in rows]
    for row, (language, path) in zip(rows, places, strict=True):
        yield Page(language, path, places if len(places) > 1 else (), row.updated_at)


def _answer(pages: Iterable[Page]) -> Response:
    made = xml.root("urlset", xml.SITEMAP)
    for page in pages:
        url = xml.add(made, "url")
        xml.add(url, "loc", whole(page.path))
        if page.changed:
            xml.add(url, "lastmod", page.changed.isoformat(timespec="seconds"))
        for language, path in page.translations:
            xml.add(url, LINK, rel="alternate", hreflang=language, href=whole(path))
    return xml.answer(made, "application/xml")
