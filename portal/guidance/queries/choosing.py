"""Articles and videos for editors to choose from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.core.audience import Reader
from portal.core.languages import said
from portal.core.permissions import Role
from portal.kb.models import Article, Topic, Video, VideoText
from portal.search.documents import Question
from portal.search.service import find

MOST = 8
EVERYTHING: Final = Reader(Role.SYSTEM)  # who chooses for others is asked for a right beforehand


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic or a video by the title that its editor reads."""

    id: UUID
    title: str
    slug: str
    audience: str
    is_published: bool


def articles_called(session: Session, words: str, language: str) -> Sequence[Choice]:
    """As readers find it, by slug, or by a whole address; what is not published, by its title."""
    looked = _Looked(session, "article", words, language)
    named = looked.named(Article.slug, Article.title, Article.is_published)
    rows = select(Article.topic_id, Article.id).where(or_(Article.id.in_(looked.keys), named))
    found = looked.ordered(rows.order_by(Article.language != language, Article.title))
    known = articles_by(session, found, language)
    return [known[one] for one in found]


def articles_by(session: Session, topics: Collection[UUID], language: str) -> Mapping[UUID, Choice]:
    rows = (
        select(
            *(Article.topic_id, Article.language, Article.title, Article.slug),
            *(Topic.audience, Article.is_published),
        )
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.topic_id.in_(topics))
    )
    return _by_id(session.execute(rows).all(), language)


def videos_called(session: Session, words: str, language: str) -> Sequence[Choice]:
    looked = _Looked(session, "video", words, language)
    named = looked.named(Video.slug, VideoText.title, Video.is_published)
    rows = (
        select(Video.id, Video.id)
        .join(VideoText, VideoText.video_id == Video.id)
        .where(or_(Video.id.in_(looked.keys), named))
    )
    found = looked.ordered(rows.order_by(VideoText.title))
    known = videos_by(session, found, language)
    return [known[one] for one in found]


def videos_by(session: Session, videos: Collection[UUID], language: str) -> Mapping[UUID, Choice]:
    rows = (
        select(
            *(Video.id, VideoText.language, VideoText.title, Video.slug),
            *(Video.audience, Video.is_published),
        )
        .join(VideoText, VideoText.video_id == Video.id)
        .where(Video.id.in_(videos))
    )
    return _by_id(session.execute(rows).all(), language)


def slugs_of_articles(session: Session, topics: Collection[UUID]) -> Mapping[UUID, str]:
    """Of each topic in its original language, or in another."""
    rows = (
        select(Article.topic_id, Article.slug)
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.topic_id.in_(topics))
        .order_by(Article.language == Topic.original_language, Article.language)
    )
    return dict(session.execute(rows).all())


def slugs_of_videos(session: Session, videos: Collection[UUID]) -> Mapping[UUID, str]:
    rows = select(Video.id, Video.slug).where(Video.id.in_(videos))
    return dict(session.execute(rows).all())


def topics_of(session: Session, slugs: Collection[str]) -> Mapping[str, UUID]:
    rows = (
        select(Article.slug, Article.topic_id)
        .join(Topic, Topic.id == Article.topic_id)
        .where(Article.slug.in_(slugs))
        .order_by(Article.language == Topic.original_language, Article.language)
    )
    return dict(session.execute(rows).all())


def videos_of(session: Session, slugs: Collection[str]) -> Mapping[str, UUID]:
    rows = select(Video.slug, Video.id).where(Video.slug.in_(slugs))
    return dict(session.execute(rows).all())


class _Looked:
    """What an editor looks for; `keys` are those of what the search found."""

    def __init__(self, session: Session, kind: str, words: str, language: str) -> None:
        self._session, self._wanted = session, words.strip()
        question = Question(self._wanted, language, kinds=[kind], typing=True, limit=MOST)
        self.keys = [hit.id for hit in find(session, question, EVERYTHING).hits]

    def named(
        self,
        slug: InstrumentedAttribute[str],
        title: InstrumentedAttribute[str],
        is_published: InstrumentedAttribute[bool],
    ) -> ColumnElement[bool]:
        """What nobody can search for yet."""
        last = self._wanted.rstrip("/").rpartition("/")[2].partition("#")[0]
        hidden = and_(is_published.is_(False), title.icontains(self._wanted, autoescape=True))
        return or_(slug == last, hidden)

    def ordered(self, rows: Select[UUID, UUID]) -> Sequence[UUID]:
        """What was named comes first, then what was found, the best first."""
        place = {key: number for number, key in enumerate(self.keys, start=1)}
        found = self._session.execute(rows.limit(4 * MOST)).all()
        best = sorted(found, key=lambda row: place.get(row[1], 0))
        return list(dict.fromkeys(row[0] for row in best))[:MOST]


def _by_id(rows: Iterable[Any], language: str) -> Mapping[UUID, Choice]:
    found: dict[UUID, dict[str, Choice]] = {}
    for id_, tongue, *rest in rows:
        found.setdefault(id_, {})[tongue] = Choice(id_, *rest)
    return {id_: one for id_, tongues in found.items() if (one := said(tongues, language))}
