"""What an editor should look at before readers do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts.service import LOCALES
from portal.config import PLATFORM_NAME
from portal.core.audience import Audience, Gate, gates
from portal.kb.markup import Rendered
from portal.kb.models import Article
from portal.kb.queries import editing as queries
from portal.kb.service.drafting import SlugTaken, Text, refuse_taken

AT_PORTALS: Final = frozenset({Gate.PORTAL, Gate.CLIENT, Gate.VENDOR})
MOST_PICTURES: Final = 60
_NAME: Final = re.compile(rf"(?<!\w){re.escape(PLATFORM_NAME)}(?!\w)", re.IGNORECASE)
_SILENT: Final = re.compile(
    r"!\[\s*\]\(([^)\s]*)|<img\b(?![^>]*\balt=\"[^\"])[^>]*>", re.IGNORECASE
)
_PICTURE: Final = re.compile(r"!\[[^\]]*\]\(")


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1, 0 is the whole; `what` is as it was written. `kind`: no_title,
    slug_taken, no_summary, no_text, missing_translation, names_platform, missing_alt,
    too_many_pictures, unpublished_link, and whatever the renderer could not do."""

    kind: str
    line: int = 0
    what: str = ""


def check(session: Session, article: Article, text: Text, made: Rendered) -> list[Finding]:
    """In the order of the text, what concerns the whole first."""
    return [
        *_whole(session, article, text),
        *sorted([*_in_text(article, text), *_of_renderer(session, made)], key=lambda one: one.line),
    ]


def _whole(session: Session, article: Article, text: Text) -> Iterator[Finding]:
    missing = {"no_title": text.title, "no_summary": text.summary, "no_text": text.body.strip()}
    yield from (Finding(kind) for kind, written in missing.items() if not written)
    yield from _taken(session, article, text.slug)
    if len(_PICTURE.findall(text.body)) > MOST_PICTURES:
        yield Finding("too_many_pictures", 0, str(MOST_PICTURES))
    known = {one.language for one in queries.articles_of(session, article.topic_id)}
    for language in LOCALES:
        if language not in known:
            yield Finding("missing_translation", 0, language)


def _taken(session: Session, article: Article, slug: str) -> Iterator[Finding]:
    try:
        refuse_taken(session, article.language, slug, but=article.id)
    except SlugTaken as taken:
        yield Finding("slug_taken", 0, taken.free)


def _in_text(article: Article, text: Text) -> Iterator[Finding]:
    topic = article.topic
    at_portals = not AT_PORTALS.isdisjoint(gates(Audience(topic.audience), topic.role_tags))
    if at_portals and (_NAME.search(text.title) or _NAME.search(text.summary)):
        yield Finding("names_platform", 0, PLATFORM_NAME)
    for number, line in enumerate(text.body.split("\n"), 1):
        if at_portals and _NAME.search(line):
            yield Finding("names_platform", number, PLATFORM_NAME)
        for found in _SILENT.finditer(line):
            yield Finding("missing_alt", number, found[1] or "img")


def _of_renderer(session: Session, made: Rendered) -> Iterator[Finding]:
    for problem in made.problems:
        yield Finding(problem.kind, problem.line, problem.what)
    readable = queries.topics_readable(
        session, [link.topic_id for link in made.links if link.topic_id is not None]
    )
    for link in made.links:
        if link.topic_id is not None and link.topic_id not in readable:
            yield Finding("unpublished_link", 0, link.target)
