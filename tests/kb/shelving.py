"""Articles for tests of those who read them, as rows: what editors do is tested with them."""

import io
from datetime import datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from portal.core.audience import Audience
from portal.foundation.storage import Store
from portal.kb.models import Article, Category, FileUse, KbFile, Topic
from tests.fixtures.world import NOW

HTML = '<h2 id="first">First</h2><p>Open the plan. <a href="corbel:/kb/en/other">Other</a></p>'
OUTLINE = [
    {"level": 2, "id": "first", "text": "First"},
    {"level": 2, "id": "second", "text": "Second"},
]


def category(session: Session, key: str, **changes: Any) -> Category:
    values: dict[str, Any] = {"key": key, "titles": {"en": key.title()}, "descriptions": {}}
    made = Category(**values | changes)
    session.add(made)
    session.flush()
    return made


def topic(session: Session, at: datetime = NOW, **changes: Any) -> Topic:
    made = Topic(created_at=at, updated_at=at, **{"audience": Audience.PUBLIC} | changes)
    session.add(made)
    session.flush()
    return made


def article(session: Session, slug: str, of: Topic | None = None, **changes: Any) -> Article:
    """Published an hour ago; `audience`, `role_tags` and `category` make a topic of its own."""
    at = NOW - timedelta(hours=1)
    own = {name: changes.pop(name) for name in _OF_TOPIC & changes.keys()}
    about = of or topic(session, at, **own)
    values: dict[str, Any] = {
        "topic_id": about.id,
        "language": "en",
        "slug": slug,
        "title": slug.replace("-", " ").capitalize(),
        "summary": f"All about {slug}.",
        "body": "## First\n\nOpen the plan.",
        "body_html": HTML,
        "outline": OUTLINE,
        "is_published": True,
        "number": 1,
        "published_at": at,
        "created_at": at,
        "updated_at": at,
    }
    made = Article(**values | changes)
    if hasattr(Article, "worked_at"):
        made.worked_at = at
    session.add(made)
    session.flush()
    return made


def picture(session: Session, store: Store, filename: str, *shown_by: Article) -> KbFile:
    made = io.BytesIO()
    Image.new("RGB", (90, 30), "navy").save(made, "PNG")
    return file(session, store, filename, made.getvalue(), *shown_by)


def file(
    session: Session, store: Store, filename: str, content: bytes, *shown_by: Article
) -> KbFile:
    stored = store.put(io.BytesIO(content), filename=filename)
    made = KbFile(
        filename=stored.filename,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        width=stored.width,
        height=stored.height,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(FileUse(file_id=made.id, article_id=one.id) for one in shown_by)
    session.flush()
    return made


_OF_TOPIC = frozenset(
    {"audience", "role_tags", "category_id", "module_tag", "platform_version", "position"}
)
