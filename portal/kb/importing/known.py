"""What is here already of a tree, read at once."""

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

    def source(self, page: Page) -> str:
        return f"{self.prefix}{page.name}"[:400]


def read(session: Session, prefix: str, language: str) -> Known:
    known = Known(prefix)
    names: dict[UUID, str] = {}
    rows = select(Topic.id, Topic.source).where(Topic.source.startswith(prefix, autoescape=True))
    for key, source in session.execute(rows):
        names[key] = str(source).removeprefix(prefix)
        known.topics[names[key]] = key
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
