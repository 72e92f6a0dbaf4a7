"""What the search is told of an article."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.core.audience import Audience, gates
from portal.kb.addresses import article_path
from portal.kb.markup import Rendered
from portal.kb.models import Article
from portal.search import service as search
from portal.search.documents import Document

KIND = "article"
HELPED = 5  # readings that one "this helped" is worth


def tell(session: Session, article: Article, rendered: Rendered, *, at: datetime) -> None:
    search.put(session, document_of(article, rendered), at=at)


def tell_all(
    session: Session, articles: Iterable[tuple[Article, Rendered]], *, at: datetime
) -> None:
    search.put_all(session, [document_of(article, made) for article, made in articles], at=at)


def forget(session: Session, article: Article, *, at: datetime) -> None:
    search.remove(session, KIND, article.id, article.language, at=at)


def document_of(article: Article, rendered: Rendered) -> Document:
    topic = article.topic
    return Document(
        kind=KIND,
        object_id=article.id,
        group_id=topic.id,
        language=article.language,
        title=article.title,
        slug=article.slug,
        path=article_path(article.language, article.slug),
        gates=gates(Audience(topic.audience), topic.role_tags),
        roles=topic.role_tags,
        module=topic.module_tag,
        category=topic.category.key if topic.category else "",
        version=topic.platform_version,
        labels=article.labels,
        headings=rendered.headings,
        summary=article.summary,
        body=rendered.text,
        weight=article.view_count + HELPED * article.helpful_count,
    )
