"""Many new articles at once, as an import brings them: published without having been drafts, by a
few statements for all of them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.permissions import Actor, Permission
from portal.foundation import bulk
from portal.kb.markup import Rendered
from portal.kb.models import Article, FileUse, Topic
from portal.kb.queries import editing as queries
from portal.kb.service import finding
from portal.kb.service.drafting import Placing, Text, topic_of, write_into
from portal.kb.service.publishing import links_of, tell_published, version_of
from portal.kb.service.rendering import all_rendered

Told = Callable[[Article, Rendered], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """`text` is checked, and its address leads nowhere yet. `joins` is the topic that it
    translates, and `translated_from` its version; else `placing` says of what kind its own is."""

    text: Text
    placing: Placing
    joins: UUID | None = None
    translated_from: int | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    article_id: UUID
    topic_id: UUID


def begin_all(
    session: Session, arrivals: Sequence[Arrival], language: str, *, by: Actor, at: datetime
) -> list[Arrived]:
    """Nobody reads them yet, but they can be linked to."""
    by.require(Permission.WRITE_ARTICLES)
    topics: list[Topic] = []
    articles: list[Article] = []
    for arrival in arrivals:
        topic_id = arrival.joins
        if topic_id is None:
            topic = topic_of(arrival.placing, by=by, at=at)
            topic_id = topic.id
            topics.append(topic)
        articles.append(_article(arrival, topic_id, language, at))
    bulk.write(session, topics)
    bulk.write(session, articles)
    return [Arrived(article.id, article.topic_id) for article in articles]


def _article(arrival: Arrival, topic_id: UUID, language: str, at: datetime) -> Article:
    article = Article(
        topic_id=topic_id,
        language=language,
        translated_from=arrival.translated_from,
        created_at=at,
        updated_at=at,
        worked_at=at,
    )
    write_into(article, arrival.text)
    return article


def publish_all(
    session: Session,
    articles: Sequence[Article],
    language: str,
    *,
    by: Actor,
    at: datetime,
    note: Callable[[Article], str],
    told: Told,
) -> None:
    """Their first version each, all of one language; `note` says where it is from, `told` is given
    what it became."""
    by.require(Permission.PUBLISH_ARTICLES)
    with session.no_autoflush:
        shapes = all_rendered(session, [one.body for one in articles], language)
    made = list(zip(articles, shapes, strict=True))
    for article, became in made:
        _show(article, became, at)
        told(article, became)
    bulk.write(session, [version_of(one, note(one), None, by=by, at=at) for one in articles])
    bulk.write(session, [link for article, became in made for link in links_of(article, became)])
    bulk.write(session, _uses(session, made))
    finding.tell_all(session, made, at=at)
    for article in articles:
        tell_published(session, article, at=at, elsewhere=True)
    session.flush()


def _show(article: Article, became: Rendered, at: datetime) -> None:
    article.body_html, article.outline = became.html, list(became.outline)
    article.number, article.is_published = 1, True
    article.published_at = article.updated_at = article.worked_at = at


def _uses(session: Session, made: Collection[tuple[Article, Rendered]]) -> list[FileUse]:
    known = queries.files_known(
        session, {file for _article, became in made for file in became.files}
    )
    return [
        FileUse(file_id=file_id, article_id=article.id)
        for article, became in made
        for file_id in dict.fromkeys(became.files)
        if file_id in known
    ]
