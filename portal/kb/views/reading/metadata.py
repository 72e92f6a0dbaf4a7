"""What search engines and other programs are told of a public page of the platform's."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.service import LOCALES
from portal.core.audience import Audience
from portal.foundation.web.site import the_site
from portal.kb.addresses import MARK, article_path, home_path

LONGEST = 160  # characters of a description that search engines show
_PICTURE = re.compile(rf'<img[^>]* src="{re.escape(MARK)}(/kb/files/[^"]+)"')
Whole = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Metadata:
    """`alternates` are (language, address), the last of them for every other language. Nothing but
    the title goes with a page that is not for everybody."""

    canonical: str
    description: str = ""
    kind: str = "website"
    title: str = ""
    language: str = ""
    picture: str = ""
    changed: str = ""
    alternates: Sequence[tuple[str, str]] = ()
    linked_data: dict[str, Any] | None = None
    feed: str = ""
    is_public: bool = True
    other_languages: Sequence[str] = field(default=())


def of_article(found: Any, whole: Whole) -> Metadata:
    """`found` is article.Shown."""
    row, address = found.article, whole(found.path)
    if row.audience != Audience.PUBLIC:
        return Metadata(address, is_public=False)
    description = shortened(row.summary)
    return Metadata(
        address,
        description,
        "article",
        row.title,
        found.language,
        _picture(row.body_html, whole),
        row.updated_at.isoformat(),
        _alternates(found, whole),
        _linked_data(found, whole, description),
        other_languages=[
            one.language for one in found.translations if one.language != row.language
        ],
    )


def of_list(
    path_in: Callable[[str], str],
    language: str,
    title: str,
    description: str,
    whole: Whole,
    *,
    feed: bool = True,
) -> Metadata:
    """A home or a category; `path_in` says where it is in a language."""
    alternates = [(code, whole(path_in(code))) for code in LOCALES]
    return Metadata(
        whole(path_in(language)),
        shortened(description),
        title=title,
        language=language,
        alternates=[*alternates, ("x-default", alternates[0][1])],
        feed=whole(f"{path_in(language)}/feed.xml") if feed else "",
    )


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2].rpartition(' ')[0]} …"


def _alternates(found: Any, whole: Whole) -> list[tuple[str, str]]:
    places = {
        one.language: whole(article_path(one.language, one.slug)) for one in found.translations
    }
    if len(places) < 2:
        return []
    anywhere = places.get(found.article.original_language) or next(iter(places.values()))
    return [*sorted(places.items()), ("x-default", anywhere)]


def _picture(html: str, whole: Whole) -> str:
    shown = _PICTURE.search(html)
    return whole(shown[1]) if shown else ""


def _linked_data(found: Any, whole: Whole, description: str) -> dict[str, Any]:
    """JSON-LD; the template writes it so that nothing in it ends the script."""
    row, site = found.article, the_site()
    publisher = {"@type": "Organization", "name": site.name, "url": site.root}
    article = {
        "@type": "TechArticle",
        "@id": whole(found.path),
        "url": whole(found.path),
        "headline": row.title,
        "description": description,
        "inLanguage": row.language,
        "datePublished": row.published_at.isoformat(),
        "dateModified": row.updated_at.isoformat(),
        "publisher": publisher,
        "author": publisher,
        "mainEntityOfPage": whole(found.path),
    }
    steps = [(site.name, home_path(row.language)), *((c.title, c.path) for c in found.crumbs)]
    crumbs = [
        {"@type": "ListItem", "position": place, "name": title, "item": whole(path)}
        for place, (title, path) in enumerate([*steps, (row.title, found.path)], 1)
    ]
    list_ = {"@type": "BreadcrumbList", "itemListElement": crumbs}
    return {"@context": "https://schema.org", "@graph": [article, list_]}
