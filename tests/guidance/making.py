"""Articles, videos and screens to be helped with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.audience import Gate
from portal.core.permissions import Actor, Role
from portal.foundation.ids import uuid7
from portal.guidance.models import Orientation, Screen, Term
from portal.guidance.service import marks, screens
from portal.guidance.service.screens import ScreenWords
from portal.kb.models import Article, Topic, Video, VideoText
from portal.search.documents import Document
from portal.search.service import put
from tests.fixtures.world import NOW

EDITOR = Actor(Role.MANAGER, name="Lee")
BOARD = "/projects/{id}/schedule"


def article(
    session: Session,
    slug: str,
    *,
    module: str = "scheduling",
    titles: Mapping[str, str] | None = None,
    views: int = 0,
    helpful: int = 0,
    not_helpful: int = 0,
    is_published: bool = True,
    **topic: Any,
) -> UUID:
    """The key of a topic, by default in English alone, published as its title says."""
    made = Topic(id=uuid7(), module_tag=module, created_at=NOW, updated_at=NOW, **topic)
    session.add(made)
    session.flush()
    for language, title in (titles or {"en": slug.title()}).items():
        one = Article(
            id=uuid7(),
            topic_id=made.id,
            language=language,
            slug=slug,
            title=title,
            summary=f"About {title}",
            is_published=is_published,
            view_count=views,
            helpful_count=helpful,
            not_helpful_count=not_helpful,
            created_at=NOW,
            updated_at=NOW,
            worked_at=NOW,
        )
        session.add(one)
        if is_published:
            publish(session, one, module)
    session.flush()
    return made.id


def publish(session: Session, one: Article, module: str) -> None:
    """That something can be found, as search is told."""
    found(session, "article", one.id, one.title, one.slug, module, one.language)


def found(
    session: Session, kind: str, key: UUID, title: str, slug: str, module: str, language: str = "en"
) -> None:
    session.flush()
    document = Document(
        kind=kind,
        object_id=key,
        language=language,
        title=title,
        path=f"/kb/{language}/{slug}",
        gates=frozenset({Gate.PUBLIC}),
        slug=slug,
        module=module,
    )
    put(session, document, at=NOW)


def video(session: Session, slug: str, *, module: str = "scheduling", **also: Any) -> UUID:
    also = {"is_published": True} | also
    made = Video(id=uuid7(), slug=slug, module_tag=module, created_at=NOW, updated_at=NOW, **also)
    session.add(made)
    session.flush()
    session.add(VideoText(video_id=made.id, language="en", title=slug.title()))
    if made.is_published:
        found(session, "video", made.id, slug.title(), slug, module)
    return made.id


def screen(
    session: Session, *patterns: str, page_key: str = "scheduling.board", **also: Any
) -> Screen:
    words = ScreenWords(
        page_key,
        also.pop("module", "scheduling"),
        also.pop("titles", {"en": "Schedule", "es": "Planificación"}),
        patterns or (BOARD,),
        **also,
    )
    return screens.add(session, words, by=EDITOR, at=NOW)


def term(session: Session, key: str, texts: Any = None, **also: Any) -> Term:
    said = {"en": {"term": key.title(), "definition": "What it is", "usage": ""}}
    module = also.pop("module", "scheduling")
    made = Term(key=key, module=module, texts=texts or said, updated_at=NOW, **also)
    session.add(made)
    marks.renew(session)
    return made


def tour(session: Session, module: str = "scheduling", *, is_published: bool = True) -> Orientation:
    texts = {"en": {"title": "Welcome", "text": "Begin here"}, "es": {"title": "Hola", "text": ""}}
    made = Orientation(
        module=module,
        steps=[{"target": "", "texts": texts}, {"target": "scheduling.lag", "texts": texts}],
        is_published=is_published,
        updated_at=NOW,
    )
    session.add(made)
    marks.renew(session)
    return made
