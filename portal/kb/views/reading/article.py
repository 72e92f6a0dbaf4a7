"""An article: the page that most people come for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import g
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.permissions import Permission
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.site import is_portal
from portal.kb import front
from portal.kb.addresses import article_path, category_path
from portal.kb.markup.showing import at_root
from portal.kb.queries import reading as queries
from portal.kb.queries import shelves
from portal.kb.queries.reading import Neighbours
from portal.kb.shelves import LOOSE, worded
from portal.kb.views.reading import metadata
from portal.kb.views.reading.asking import asking, said_of, surface
from portal.kb.views.reading.blueprint import (
    IN_LANGUAGE,
    Crumb,
    in_languages,
    missing,
    reading,
    shown,
    the_reader,
    whole,
    within,
)
from portal.kb.views.reading.freshness import if_changed

PAGE = "kb/article.html"
RELATED = 4
NOT_SHOWN = {"body_html", "view_count", "helpful_count", "not_helpful_count"}  # or known by number
DEEPEST = 3  # level of headings in the table of contents


@dataclass(frozen=True, slots=True)
class Shown:
    """`article` is the row, in `language`, on a page that speaks `asked`."""

    article: Any
    asked: str
    crumbs: list[Crumb]
    translations: Sequence[Any]
    near: Neighbours
    film: Any = None

    @property
    def language(self) -> str:
        return str(self.article.language)

    @property
    def path(self) -> str:
        return article_path(self.language, self.article.slug)

    @property
    def is_outdated(self) -> bool:
        return queries.is_outdated(self.article, self.translations)

    @property
    def original(self) -> Any:
        """The row of the original where this is a translation."""
        wanted = self.article.original_language
        if self.language == wanted:
            return None
        return next((one for one in self.translations if one.language == wanted), None)

    @property
    def related(self) -> list[Any]:
        """What is linked either way, then what stands nearest."""
        near = chain(self.near.linked, self.near.after, self.near.before)
        return list({row.topic_id: row for row in near}.values())[:RELATED]

    def paths(self) -> dict[str, str]:
        """Where each language is switched to; one that has no translation says so there."""
        known = {one.language: one.slug for one in self.translations}
        return {code: article_path(code, known.get(code, self.article.slug)) for code in LOCALES}


@reading.get(f"{IN_LANGUAGE}/<slug>")
@public("what is not for everybody is as if it were not there")
def article(language: str, slug: str) -> Response:
    session, reader = db(), the_reader()
    row = queries.article(session, reader, language, slug)
    if row is not None:
        return _page(language, row)
    place = queries.moved(session, reader, language, slug, LOCALES)
    if place is None:
        return missing(language, slug.replace("-", " "))
    if (place.language, place.slug) == (language, slug):
        raise AssertionError(place)  # it would have been found
    if place.language == language or place.slug != slug:
        status = 301 if place.for_good else 302
        return redirect(within(article_path(language, place.slug)), status)
    row = queries.article(session, reader, place.language, place.slug)
    return missing(language) if row is None else _page(language, row)


def _page(asked: str, row: Any) -> Response:
    found = _found(asked, row)
    facts = [value for name, value in row._mapping.items() if name not in NOT_SHOWN]
    facts += [asked, found.crumbs, found.translations, found.near, found.film, surface()]
    unchanged = if_changed(facts, max(row.updated_at, row.placed_at))
    return unchanged or _whole(found, asking(row, said_of(row)))


def whole_page(asked: str, row: Any, asking: Mapping[str, Any]) -> Response:
    """As the page itself, with something else below the article."""
    return _whole(_found(asked, row), asking)


def _found(asked: str, row: Any) -> Shown:
    session, reader, film = db(), the_reader(), None
    if row.video_id is not None:
        film = shelves.film_of(session, reader, row.video_id, row.language)
    return Shown(
        row,
        asked,
        crumbs=_crumbs(asked, queries.path_to(session, row.category_id)),
        translations=queries.translations(session, row.topic_id),
        near=queries.neighbours(session, reader, row),
        film=film,
    )


def _whole(found: Shown, asking: Mapping[str, Any]) -> Response:
    row, actor = found.article, g.get("actor")
    return shown(
        PAGE,
        found=found,
        article=row,
        body=at_root(row.body_html, within("")),
        contents=[one for one in row.outline if one["level"] <= DEEPEST],
        language=found.asked,
        languages_at=in_languages(**found.paths()),
        meta=None if is_portal() else metadata.of_article(found, whole),
        surface=surface(),
        can_edit=actor is not None and actor.may(Permission.WRITE_ARTICLES),
        **asking,
    )


def _crumbs(language: str, path: Sequence[Any]) -> list[Crumb]:
    if not path:
        return [Crumb(front.loose(), category_path(language, LOOSE))]
    return [
        Crumb(worded(row.titles, language, row.key), category_path(language, row.key))
        for row in path
    ]
