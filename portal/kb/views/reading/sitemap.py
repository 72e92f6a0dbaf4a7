"""Which addresses there are, for search engines: the platform's public pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from math import ceil
from typing import Any, Final

from flask import Response as PlainResponse
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.limits import limiter
from portal.foundation.web.site import is_portal
from portal.kb import front
from portal.kb.addresses import article_path, category_path, home_path
from portal.kb.queries import public as queries
from portal.kb.views.reading import xml
from portal.kb.views.reading.blueprint import reading, whole

MOST: Final = 10_000  # addresses of one file
SELDOM: Final = "30 per minute"  # all there is takes a second to write down
LINK: Final = f"{{{xml.XHTML}}}link"
ROBOTS: Final = """\
User-agent: *
Disallow: /api/
Disallow: /search
Disallow: /b/

Sitemap: {sitemap}
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
    body = ROBOTS.format(sitemap=whole("/sitemap.xml"))
    return PlainResponse(body, mimetype="text/plain", headers={"Cache-Control": xml.FRESH})


@reading.get("/sitemap.xml")
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def sitemap() -> Response:
    """All of it, or where its parts are."""
    _only_at_the_platform()
    number = len(list(_shelves())) + queries.number(db())
    if number <= MOST:
        return _answer(_pages())
    made = xml.root("sitemapindex", xml.SITEMAP)
    for part in range(1, ceil(number / MOST) + 1):
        xml.add(xml.add(made, "sitemap"), "loc", whole(f"/sitemap-{part}.xml"))
    return xml.answer(made, "application/xml")


@reading.get("/sitemap-<int:number>.xml")
@limiter.limit(SELDOM)
@public("for search engines: of what everybody may read")
def sitemap_part(number: int) -> Response:
    _only_at_the_platform()
    pages = list(islice(_pages(), (number - 1) * MOST, number * MOST)) if number else []
    if not pages:
        raise NotFound
    return _answer(pages)


def _only_at_the_platform() -> None:
    if is_portal():
        raise NotFound


def _pages() -> Iterator[Page]:
    yield from _shelves()
    for _topic, rows in groupby(queries.addresses(db()), key=lambda row: row.topic_id):
        yield from _of_topic(list(rows))


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
