"""The page of the search: at the platform, and at each builder's portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.branding.sites import languages
from portal.core.audience import Reader, reader_of
from portal.core.permissions import Actor
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language as spoken
from portal.foundation.web.access import public
from portal.foundation.web.database import db
from portal.foundation.web.fragments import page
from portal.foundation.web.site import is_portal, the_site
from portal.search import naming, sources
from portal.search.documents import Found, Question
from portal.search.forms import NAMES
from portal.search.notes import note_search
from portal.search.service import find

search: Final = Blueprint("search", __name__)

A_PAGE: Final = 10
FURTHEST: Final = 20  # pages; who goes on so far needs other words
OWN: Final = 3
CHOICES: Final = 8
FACETS: Final = ("kind", "module", "category")
ICONS: Final = {
    "article": "book",
    "video": "monitor",
    "thread": "chat",
    "idea": "bulb",
    "roadmap": "calendar",
    "release": "star",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    words: str
    language: str
    kind: str
    module: str
    category: str
    number: int  # of the page, from 1
    typing: bool
    as_written: bool

    def address(self, **changes: object) -> str:
        """Of the same question but for the changes."""
        values = {
            "q": self.words,
            "lang": self.language,
            "kind": self.kind,
            "module": self.module,
            "category": self.category,
            "as_written": "1" if self.as_written else "",
            "page": "",
            **changes,
        }
        chosen = [_said(name, str(value)) for name, value in values.items() if value]
        return f"{request.script_root}/search?{'&'.join(chosen)}"


@lru_cache(512)
def _said(name: str, value: str) -> str:
    """A page has a dozen addresses that say nearly the same."""
    return urlencode({name: value})


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    count: int
    href: str
    chosen: bool


@search.get("/search")
@public("what is found is what whoever looks may read")
def results() -> Response:
    asked = _asked()
    actor: Actor | None = g.get("actor")
    found = find(db(), _question(asked, actor), the_reader())
    if asked.words and not asked.typing:
        note_search(asked.words, asked.language, found.total, "page")
    response = page(
        "search/page.html",
        blocks=("found",),
        asked=asked,
        found=found,
        facets=_facets(asked, found),
        own=sources.own(db(), actor, asked.words, OWN) if asked.number == 1 else [],
        pages=_pages(asked, found),
        root=request.script_root,
        kinds=kinds(),
        names=NAMES,
        icons=ICONS,
        fallback=bool(found.hits) and all(hit.language != asked.language for hit in found.hits),
        others=[code for code in languages() if code != asked.language],
    )
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["HX-Replace-Url"] = asked.address()
    return response


def the_reader() -> Reader:
    return reader_of(
        g.get("actor"), at_portal=is_portal(), reads_community=the_site().reads_community
    )


def kinds() -> dict[str, str]:
    return {
        "article": _("Articles"),
        "video": _("Videos"),
        "thread": _("Forum"),
        "idea": _("Ideas"),
        "roadmap": _("Roadmap"),
        "release": _("What’s new"),
    }


def _asked() -> Asked:
    sent = request.args
    number = sent.get("page", "1")
    return Asked(
        words=sent.get("q", "").encode("utf-8", "replace").decode().strip(),
        language=sent["lang"] if sent.get("lang") in LOCALES else spoken(),
        kind=sent.get("kind", "")[:20],
        module=sent.get("module", "")[:50],
        category=sent.get("category", "")[:200],
        number=min(int(number), FURTHEST) if number.isdecimal() and number != "0" else 1,
        typing=sent.get("typing") == "1",
        as_written=sent.get("as_written") == "1",
    )


def _question(asked: Asked, actor: Actor | None) -> Question:
    return Question(
        asked.words + (" " if asked.typing and request.args.get("q", "").endswith(" ") else ""),
        asked.language,
        kinds=[asked.kind] if asked.kind else (),
        only_module=asked.module,
        category=asked.category,
        role=actor.role if actor is not None else "",
        typing=asked.typing,
        as_written=asked.as_written,
        limit=A_PAGE,
        offset=A_PAGE * (asked.number - 1),
    )


def _facets(asked: Asked, found: Found) -> list[tuple[str, Sequence[Choice]]]:
    labels = {"kind": _("Kind"), "module": _("Module"), "category": _("Category")}
    chosen = {"kind": asked.kind, "module": asked.module, "category": asked.category}
    facets = []
    for name in FACETS:
        choices = _choices(asked, found, name, chosen[name])
        if len(choices) > 1 or chosen[name]:
            facets.append((labels[name], choices))
    return facets


def _choices(asked: Asked, found: Found, name: str, chosen: str) -> Sequence[Choice]:
    counted = dict(found.facets.get(name, {}))
    if chosen:
        counted.setdefault(chosen, 0)
    most = sorted(counted, key=lambda key: (key != chosen, -counted[key], key))[:CHOICES]
    if name == "kind":
        names: dict[str, str] = {key: kinds().get(key, key) for key in most}
    else:
        names = naming.named(db(), name, asked.language, most)
    return [
        Choice(
            names[key],
            counted[key],
            asked.address(**{name: "" if key == chosen else key}),
            key == chosen,
        )
        for key in most
    ]


def _pages(asked: Asked, found: Found) -> dict[str, Any]:
    """Addresses of the pages beside this one."""
    further = asked.number < FURTHEST and found.total > asked.number * A_PAGE
    back = asked.number - 1
    return {
        "newer": asked.address(page=back if back > 1 else "") if back else "",
        "older": asked.address(page=asked.number + 1) if further and found.hits else "",
    }
