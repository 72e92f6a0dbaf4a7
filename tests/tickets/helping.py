"""Articles that can be found, for tests of those who write tickets."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.core.audience import Audience, gates
from portal.foundation.runtime import Runtime
from portal.kb.addresses import article_path
from portal.kb.models import Article, Topic
from portal.search import service as search
from portal.search.documents import Document
from portal.search.searching import index_of
from portal.search.service import following
from tests.kb import shelving


def shelve(
    session: Session, runtime: Runtime, now: datetime, title: str, body: str, **changes: Any
) -> Article:
    """Published, and found from now on."""
    slug = title.lower().replace(" ", "-")
    article = shelving.article(
        session, slug, title=title, body_html=f"<h2 id='body'>How</h2><p>{body}</p>", **changes
    )
    topic = session.get_one(Topic, article.topic_id)
    document = Document(
        kind="article",
        object_id=article.id,
        language=article.language,
        title=title,
        path=article_path(article.language, slug),
        slug=slug,
        gates=gates(Audience(topic.audience), topic.role_tags),
        roles=topic.role_tags,
        module=topic.module_tag,
        body=body,
    )
    search.put(session, document, at=now)
    session.commit()
    if (index := index_of(runtime)) is not None:
        following.follow(runtime.readers, index)
    return article
