"""Articles as their editors find them: with drafts, former addresses and who points at them."""

from collections.abc import Collection, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from portal.kb.models import (
    Article,
    ArticleLink,
    ArticleVersion,
    Category,
    Draft,
    FileUse,
    KbFile,
    Redirect,
    Topic,
    Video,
    VideoText,
)


def _whole() -> Select[Article]:
    return select(Article).options(
        joinedload(Article.topic).options(joinedload(Topic.category), joinedload(Topic.video))
    )


def article(session: Session, article_id: UUID) -> Article | None:
    """With its topic, category and video."""
    return session.scalar(_whole().where(Article.id == article_id))


def article_at(session: Session, language: str, slug: str) -> Article | None:
    return session.scalar(_whole().where(Article.language == language, Article.slug == slug))


def articles_of(session: Session, topic_id: UUID) -> Sequence[Article]:
    """In every language."""
    rows = _whole().where(Article.topic_id == topic_id)
    return session.scalars(rows.order_by(Article.language)).all()


def articles_of_topics(session: Session, topic_ids: Collection[UUID]) -> Sequence[Article]:
    rows = _whole().where(Article.topic_id.in_(topic_ids))
    return session.scalars(rows.order_by(Article.topic_id, Article.language)).all()


def article_in(session: Session, topic_id: UUID, language: str) -> Article | None:
    return session.scalar(
        _whole().where(Article.topic_id == topic_id, Article.language == language)
    )


def topic(session: Session, topic_id: UUID) -> Topic | None:
    whole = joinedload(Topic.category), joinedload(Topic.video)
    return session.scalar(select(Topic).where(Topic.id == topic_id).options(*whole))


def topic_of_source(session: Session, source: str) -> Topic | None:
    """What was made of a file of an imported tree."""
    return session.scalar(select(Topic).where(Topic.source == source))


def draft_of(session: Session, article_id: UUID) -> Draft | None:
    """With its article and topic; not one that was removed."""
    return session.scalar(_drafts().where(Draft.article_id == article_id, Draft.state != "removed"))


def any_draft_of(session: Session, article_id: UUID) -> Draft | None:
    return session.scalar(_drafts().where(Draft.article_id == article_id))


def _drafts() -> Select[Draft]:
    with_topic = joinedload(Draft.article).joinedload(Article.topic).joinedload(Topic.category)
    return select(Draft).options(with_topic)


def version(session: Session, article_id: UUID, number: int | None) -> ArticleVersion | None:
    chosen = ArticleVersion.article_id == article_id, ArticleVersion.number == number
    return session.scalar(select(ArticleVersion).where(*chosen))


def versions(session: Session, article_id: UUID, most: int) -> Sequence[ArticleVersion]:
    """The newest first."""
    rows = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return session.scalars(rows.order_by(ArticleVersion.number.desc()).limit(most)).all()


def is_taken(session: Session, language: str, slug: str, *, but: UUID | None = None) -> bool:
    """Whether the address leads or led to another article."""
    return bool(_leading_elsewhere(session, language, [slug], but))


def taken_of(session: Session, language: str, slugs: Collection[str]) -> set[str]:
    """Those of these addresses that lead or led to an article."""
    return _leading_elsewhere(session, language, slugs, None)


def _leading_elsewhere(
    session: Session, language: str, slugs: Collection[str], but: UUID | None
) -> set[str]:
    found = session.execute(_LEADING, {"language": language, "slugs": list(slugs)})
    return {slug for slug, article_id in found if article_id != but}


_LEADING = union_all(
    select(Article.slug, Article.id).where(
        Article.language == bindparam("language"),
        Article.slug.in_(bindparam("slugs", expanding=True)),
    ),
    select(Redirect.slug, Redirect.article_id).where(
        Redirect.language == bindparam("language"),
        Redirect.slug.in_(bindparam("slugs", expanding=True)),
    ),
)


def taken_slugs(
    session: Session, language: str, beginning: str, *, but: UUID | None = None
) -> set[str]:
    """Addresses that lead or led to other articles, of those that begin so."""
    rows = select(Article.slug).where(
        Article.language == language, Article.slug.startswith(beginning, autoescape=True)
    )
    former = select(Redirect.slug).where(
        Redirect.language == language, Redirect.slug.startswith(beginning, autoescape=True)
    )
    if but is not None:
        rows, former = rows.where(Article.id != but), former.where(Redirect.article_id != but)
    return {*session.scalars(rows), *session.scalars(former)}


def redirect(session: Session, language: str, slug: str) -> Redirect | None:
    chosen = Redirect.language == language, Redirect.slug == slug
    return session.scalar(select(Redirect).where(*chosen))


def redirects_of(session: Session, article_id: UUID) -> Sequence[Redirect]:
    rows = select(Redirect).where(Redirect.article_id == article_id)
    return session.scalars(rows.order_by(Redirect.created_at)).all()


def linking_to(session: Session, topic_id: UUID) -> Sequence[Article]:
    """Published articles that point at the topic."""
    links = select(ArticleLink.article_id).where(ArticleLink.topic_id == topic_id)
    rows = _whole().where(Article.id.in_(links), Article.is_published)
    return session.scalars(rows.order_by(Article.title, Article.id)).all()


def pointing_nowhere(session: Session, slug: str) -> Sequence[Article]:
    """Published articles with a link to nothing in which the slug stands."""
    links = select(ArticleLink.article_id).where(
        ArticleLink.topic_id.is_(None), ArticleLink.target.contains(slug, autoescape=True)
    )
    rows = _whole().where(Article.id.in_(links), Article.is_published)
    return session.scalars(rows.order_by(Article.id)).all()


def links_of(session: Session, article_id: UUID) -> Sequence[ArticleLink]:
    rows = select(ArticleLink).where(ArticleLink.article_id == article_id)
    return session.scalars(rows.order_by(ArticleLink.target)).all()


@cache
def is_broken() -> ColumnElement[bool]:
    """Of an ArticleLink: it leads to nothing, or to what nobody can read in any language."""
    other = aliased(Article)
    readable = select(other.id).where(other.topic_id == ArticleLink.topic_id, other.is_published)
    return or_(ArticleLink.topic_id.is_(None), ~readable.exists())


def topics_readable(session: Session, topic_ids: Collection[UUID]) -> set[UUID]:
    """Those with something published, in whatever language."""
    rows = select(Article.topic_id).where(Article.topic_id.in_(topic_ids), Article.is_published)
    return set(session.scalars(rows))


def uses_of(session: Session, article_id: UUID) -> Sequence[FileUse]:
    return session.scalars(select(FileUse).where(FileUse.article_id == article_id)).all()


def file(session: Session, file_id: UUID) -> KbFile | None:
    return session.get(KbFile, file_id)


def files_known(session: Session, file_ids: Collection[UUID]) -> set[UUID]:
    return set(session.scalars(select(KbFile.id).where(KbFile.id.in_(file_ids))))


def same_file(session: Session, sha256: str, filename: str) -> KbFile | None:
    """One of the very same bytes and name, that nobody has drawn upon."""
    rows = select(KbFile).where(
        KbFile.sha256 == sha256, KbFile.filename == filename, KbFile.original_id.is_(None)
    )
    return session.scalars(rows.order_by(KbFile.id).limit(1)).first()


def kept_files(session: Session, keys: Sequence[str]) -> set[str]:
    """Which files of the store are the knowledge base's."""
    rows = select(KbFile.storage_key).where(KbFile.storage_key.in_(keys))
    return set(session.scalars(rows))


def categories(session: Session) -> Sequence[Category]:
    """All shelves; those of one parent in their order."""
    return session.scalars(select(Category).order_by(Category.position, Category.key)).all()


def category(session: Session, category_id: UUID) -> Category | None:
    return session.get(Category, category_id)


def category_of_key(session: Session, key: str) -> Category | None:
    return session.scalar(select(Category).where(Category.key == key))


def topics_in(session: Session, category_id: UUID) -> int:
    rows = select(func.count()).select_from(Topic).where(Topic.category_id == category_id)
    return session.scalar(rows) or 0


def topics_by_category(session: Session) -> dict[UUID | None, int]:
    rows = select(Topic.category_id, func.count()).group_by(Topic.category_id)
    return {row[0]: row[1] for row in session.execute(rows)}


def video_choices(session: Session, language: str) -> list[tuple[UUID, str]]:
    """Every video with its title in the language, else in any."""
    titles: dict[UUID, str] = {}
    for video_id, spoken, title in session.execute(_titles()):
        if spoken == language or video_id not in titles:
            titles[video_id] = title
    return sorted(titles.items(), key=lambda one: one[1].casefold())


def videos_by_words(
    session: Session, words: str, language: str, most: int
) -> list[tuple[str, str]]:
    """Slug and title of those in whose title all the words stand."""
    said = [VideoText.title.icontains(word, autoescape=True) for word in words.split()[:8]]
    rows = (
        select(Video.slug, VideoText.title)
        .join(VideoText, VideoText.video_id == Video.id)
        .where(*said)
        .order_by((VideoText.language != language), VideoText.title, Video.id)
        .limit(most * 2)
    )
    found: dict[str, str] = {}
    for slug, title in session.execute(rows):
        found.setdefault(slug, title)
    return list(found.items())[:most]


def _titles() -> Select[UUID, str, str]:
    return select(VideoText.video_id, VideoText.language, VideoText.title).order_by(
        VideoText.video_id, VideoText.language
    )


def has_children(session: Session, category_id: UUID) -> bool:
    rows = select(Category.id).where(Category.parent_id == category_id).limit(1)
    return session.scalar(rows) is not None


@cache
def is_outdated() -> ColumnElement[bool]:
    """Of an Article: its original has been published anew since it was translated."""
    original, whose = aliased(Article), aliased(Topic)
    newer = (
        select(original.id)
        .join(whose, whose.id == original.topic_id)
        .where(
            original.topic_id == Article.topic_id,
            original.language == whose.original_language,
            original.id != Article.id,
            original.number > func.coalesce(Article.translated_from, 0),
        )
    )
    return and_(Article.number > 0, newer.exists())
