"""The blueprint of the help centre, who reads there, and in which language."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.branding.sites import languages
from portal.core.audience import Reader, reader_of
from portal.core.captions import clock
from portal.core.permissions import Actor
from portal.foundation.web.fragments import page
from portal.foundation.web.site import is_portal, the_site
from portal.kb.addresses import (
    article_path,
    category_path,
    file_path,
    home_path,
    video_path,
    videos_path,
)

reading: Final = Blueprint("reading", __name__)
IN_LANGUAGE: Final = f"/kb/<any({', '.join(LOCALES)}):language>"
NAMES: Final = {"en": "English", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a page; `path` is within the site."""

    title: str
    path: str


def the_reader() -> Reader:
    actor: Actor | None = g.get("actor")
    return reader_of(actor, at_portal=is_portal())


def within(path: str) -> str:
    """The address of a path of this site's, for a link on a page."""
    return f"{request.script_root}{path}"


def whole(path: str) -> str:
    """The same for who reads it elsewhere."""
    return f"{the_site().root}{path}"


def in_languages(**paths: str) -> list[tuple[str, str, str]]:
    """Code, name and address of a page in each language of the site."""
    offered = [code for code in LOCALES if code in languages()]
    return [(code, NAMES.get(code, code), within(paths[code])) for code in offered]


def missing(language: str, words: str = "") -> Response:
    """The same for what is not there and for what somebody may not read, to the letter."""
    homes = in_languages(**{code: home_path(code) for code in LOCALES})
    response = _page("kb/missing.html", language=language, words=words, languages_at=homes)
    response.status_code = 404
    return hidden_from_robots(response)


def shown(template: str, **values: Any) -> Response:
    """A page of the help centre. A portal's are for its own people, not for search engines."""
    response = _page(template, **values)
    return hidden_from_robots(response) if is_portal() else response


def hidden_from_robots(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(template: str, **values: Any) -> Response:
    return page(template, **(WORDS | {"root": within("")} | values))


WORDS: Final[dict[str, Any]] = {
    "article_path": article_path,
    "category_path": category_path,
    "clock": clock,
    "file_path": file_path,
    "home_path": home_path,
    "names": NAMES,
    "video_path": video_path,
    "videos_path": videos_path,
}
"""With which templates build addresses: `url_for` takes longer, and a page has dozens."""
