"""The front of the help centre, and its shelves."""

from functools import partial

from flask import request
from flask.blueprints import BlueprintSetupState
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language as spoken
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.site import is_portal
from portal.kb import front
from portal.kb.addresses import category_path, home_path
from portal.kb.queries import shelves as queries
from portal.kb.shelves import Shelf, topmost
from portal.kb.views.reading import metadata
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


@reading.record_once
def _remember(state: BlueprintSetupState) -> None:
    front.init_app(state.app)


@reading.get("/kb")
@public("leads into the help centre in the reader's language")
def entrance() -> Response:
    answer = redirect(within(home_path(spoken())))
    answer.vary.add("Accept-Language")
    return answer


@reading.get(IN_LANGUAGE)
@public("help is for everybody; what is not is left out")
def home(language: str) -> Response:
    session, reader = db(), the_reader()
    shelves = front.shelves(session, reader, language)
    most_read = front.most_read(session, reader, language)
    read = {one.slug for one in most_read}
    return shown(
        "kb/home.html",
        language=language,
        languages_at=in_languages(**{code: home_path(code) for code in LOCALES}),
        shelves=list(topmost(shelves)),
        most_read=most_read,
        newest=[one for one in queries.newest(session, reader, language) if one.slug not in read],
        films=queries.films(session, reader, language),
        meta=None if is_portal() else _meta_of_home(language),
    )


def _meta_of_home(language: str) -> metadata.Metadata:
    what = _("Guides, answers and videos, by subject.")
    return metadata.of_list(home_path, language, _("Help centre"), what, whole)


@reading.get(f"{IN_LANGUAGE}/in/<path:key>")
@public("help is for everybody; what is not is left out")
def category(language: str, key: str) -> Response:
    """A shelf of which nothing can be read does not exist."""
    shelf = front.shelves(db(), the_reader(), language).get(key)
    if shelf is None or not shelf.anywhere:
        return missing(language, key.rpartition("/")[2].replace("-", " "))
    number = request.args.get("page", 1, type=int)
    if not 0 < number < 1000:
        raise NotFound
    articles = queries.standing_in(db(), the_reader(), language, shelf.id, number)
    return shown(
        "kb/category.html",
        language=language,
        languages_at=in_languages(**{code: category_path(code, key) for code in LOCALES}),
        shelf=shelf,
        path=[Crumb(one.title, category_path(language, one.key)) for one in shelf.path[:-1]],
        articles=articles[: queries.A_PAGE],
        page=number,
        more=len(articles) > queries.A_PAGE,
        meta=None if is_portal() else _meta_of_category(shelf, language),
    )


def _meta_of_category(shelf: Shelf, language: str) -> metadata.Metadata:
    where = partial(_category_in, shelf.key)
    return metadata.of_list(where, language, shelf.title, shelf.description, whole)


def _category_in(key: str, language: str) -> str:
    return category_path(language, key)
