"""What is here already of a tree, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.slugs import LONGEST
from portal.kb.importing.pages import Page
from portal.kb.models import Article, Redirect, Topic


@dataclass(slots=True)
class Known:
    """`topics` by the names of pages; `slugs` of their articles by the same, in the language that
    is imported; `elsewhere` those in any language, `taken` those of other articles."""

    prefix: str
    topics: dict[str, UUID] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    published: set[str] = field(default_factory=set)
    elsewhere: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def source(self, page: Page) -> str | None:
        named = page.source if page.topic_id else f"{self.prefix}{page.name}"
        return named[:400] or None


def read(session: Session, prefix: str, language: str, pages: Sequence[Page]) -> Known:
    known = Known(prefix)
    names = _named(session, prefix) | _exported(session, pages)
    known.topics = {name: key for key, name in names.items()}
    articles = select(Article.topic_id, Article.language, Article.slug, Article.is_published)
    for topic_id, spoken, slug, is_published in session.execute(articles):
        name = names.get(topic_id)
        if name is None:
            known.taken |= {slug} if spoken == language else set()
        elif spoken == language:
            known.slugs[name] = slug
            known.published |= {name} if is_published else set()
        else:
            known.elsewhere[name] = slug
    known.taken |= _former(session, language, set(names))
    return known


def _named(session: Session, prefix: str) -> dict[UUID, str]:
    rows = select(Topic.id, Topic.source).where(Topic.source.startswith(prefix, autoescape=True))
    return {key: str(source).removeprefix(prefix) for key, source in session.execute(rows)}


def _exported(session: Session, pages: Sequence[Page]) -> dict[UUID, str]:
    """Names of pages that our export wrote, by the topics that they are here: those of their keys,
    else, as of another system, those that came from the same place."""
    pages = [page for page in pages if page.topic_id]
    if not pages:
        return {}
    sources = dict(session.execute(select(Topic.id, Topic.source)).all())
    found = {page.topic_id: page.name for page in pages if page.topic_id in sources}
    origins = {source: key for key, source in sources.items() if source}
    for page in pages:
        key = origins.get(page.source)
        if page.topic_id in found or key is None:
            continue
        if key in found:
            page.source = ""  # somebody else's
        else:
            found[key] = page.name
    return found


def _former(session: Session, language: str, own: set[UUID]) -> set[str]:
    rows = select(Redirect.slug, Article.topic_id).join(Article, Article.id == Redirect.article_id)
    found = session.execute(rows.where(Redirect.language == language))
    return {slug for slug, topic_id in found if topic_id not in own}


def name_pages(pages: list[Page], known: Known) -> list[Page]:
    """Gives each page the address that its article will have; returns those whose wish was taken
    by what is not of this tree. What is here already keeps its address, unless its file asks."""
    changed = []
    given = {known.slugs[page.name] for page in pages if page.name in known.slugs}
    for page in pages:
        own = known.slugs.get(page.name)
        if own is not None and not page.meta.get("slug"):
            page.slug = own
            continue
        wish = page.slug
        blocked = known.taken | (given - {own})
        page.slug = _free(wish, blocked)
        given.add(page.slug)
        if page.slug != wish:
            changed.append(page)
    return changed


def _free(wish: str, taken: set[str]) -> str:
    slug, count = wish, 1
    while slug in taken:
        count += 1
        slug = f"{wish[: LONGEST - 6].rstrip('-')}-{count}"
    return slug
