"""Rows as shapes, with whole addresses."""

from typing import Any

from portal.core.audience import Reader
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.kb.addresses import article_path, video_path
from portal.kb.api import shapes
from portal.kb.markup.showing import at_root
from portal.kb.queries import programs
from portal.kb.queries import reading as queries
from portal.notifications.addresses import absolute, root_for

PLAIN = [
    name
    for name in shapes.Article.model_fields
    if name not in {"url", "video_url", "category", "snippet"}
]


def root() -> str:
    """Where the reader finds our pages."""
    return absolute("", root_for(db(), the_actor()))


def article(row: Any, at: str, snippet: str | None = None) -> shapes.Article:
    return shapes.Article(**_facts(row, at), snippet=snippet)


def whole(reader: Reader, row: Any) -> shapes.WholeArticle:
    """`row` is one of queries.reading."""
    at, same = root(), queries.translations(db(), row.topic_id)
    brief = programs.by_ids(db(), reader, [row.id])[row.id]
    return shapes.WholeArticle(
        **_facts(brief, at),
        body_html=at_root(row.body_html, at),
        outline=[shapes.Heading(**heading) for heading in row.outline],
        translations=[
            shapes.Translation(
                language=one.language,
                slug=one.slug,
                title=one.title,
                url=at + article_path(one.language, one.slug),
            )
            for one in same
        ],
        is_outdated=queries.is_outdated(row, same),
    )


def _facts(row: Any, at: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PLAIN} | {
        "url": at + article_path(row.language, row.slug),
        "category": row.category or "",
        "video_url": at + video_path(row.language, row.video) if row.video else None,
    }
