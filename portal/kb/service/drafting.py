"""Writing: a draft beside what readers see, until it is published.

Nobody's words are written over: who saves says which state of the draft they began with (`lock`),
and the second of two is told with Conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.core.audience import Audience
from portal.core.permissions import Actor, Permission
from portal.core.slugs import free_one, is_slug, slug_of
from portal.foundation.collisions import TAKEN, refusing
from portal.foundation.ids import uuid7
from portal.foundation.markup.parsing import clean
from portal.kb.models import Article, ArticleVersion, Category, Draft, Topic, Video
from portal.kb.queries import editing as queries

BODY_LONGEST = 400_000  # characters
TITLE_LONGEST = 300
SUMMARY_LONGEST = 500
LABEL_LONGEST = 60
MOST_LABELS = 30
UNNAMED = "article"  # the address of what has no title yet
UNSAVED = 0  # the lock of an article without a draft


@dataclass(frozen=True, slots=True)
class Text:
    """What is written in one language; `slug` "" is made of the title."""

    slug: str
    title: str
    summary: str = ""
    body: str = ""  # Markdown
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """What holds in every language. `source` is the path in an imported tree,
    `source_ticket_id` the ticket whose answer it was, `topic_id` the key that it had elsewhere."""

    category: Category | None = None
    module_tag: str = ""
    role_tags: Sequence[str] = ()
    audience: Audience = Audience.PUBLIC
    platform_version: str = ""
    position: int = 0
    original_language: str = "en"
    review_by: datetime | None = None
    video: Video | None = None
    source: str | None = None
    source_ticket_id: UUID | None = None
    topic_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them: the draft's lock (UNSAVED: none), the number of the version
    that readers see."""

    lock: int
    number: int


class Conflict(Exception):
    """Somebody else has saved since: `draft` is as they left it. Nothing was changed."""

    def __init__(self, draft: Draft | None) -> None:
        super().__init__("the draft was saved by somebody else")
        self.draft = draft


class SlugTaken(ValueError):
    """The address leads to another article, or did; `free` is one like it that does not."""

    def __init__(self, slug: str, free: str) -> None:
        super().__init__(f"{slug} is taken, {free} is not")
        self.slug = slug
        self.free = free


class BadText(ValueError):
    """`problems`: {"title" | "summary" | "body" | "labels" | "slug": "too_long" | "too_many" |
    "empty" | "bad"}"""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class AlreadyTranslated(ValueError):
    """The topic has an article in the language: `article`."""

    def __init__(self, article: Article) -> None:
        super().__init__(f"{article.topic_id} has been translated into {article.language}")
        self.article = article


def begin(
    session: Session,
    placing: Placing,
    language: str,
    text: Text,
    *,
    by: Actor,
    at: datetime,
) -> Draft:
    """A new topic. Raises BadText, and SlugTaken for a slug that was asked for."""
    by.require(Permission.WRITE_ARTICLES)
    text = checked(text)
    slug = _own_slug(session, language, text)
    topic = topic_of(placing, by=by, at=at)
    topic.category, topic.video = placing.category, placing.video
    session.add(topic)
    return _first_draft(session, topic, language, replace(text, slug=slug), None, by, at)


def topic_of(placing: Placing, *, by: Actor, at: datetime) -> Topic:
    return Topic(
        id=placing.topic_id or uuid7(),
        category_id=placing.category.id if placing.category else None,
        module_tag=placing.module_tag,
        role_tags=list(placing.role_tags),
        audience=placing.audience,
        platform_version=placing.platform_version,
        position=placing.position,
        original_language=placing.original_language,
        review_by=placing.review_by,
        video_id=placing.video.id if placing.video else None,
        source=placing.source,
        source_ticket_id=placing.source_ticket_id,
        owner_id=by.user_id,
        created_at=at,
        updated_at=at,
    )


def translate(
    session: Session,
    topic: Topic,
    language: str,
    text: Text,
    *,
    by: Actor,
    at: datetime,
) -> Draft:
    """The same topic in another language. Raises BadText, SlugTaken and AlreadyTranslated."""
    by.require(Permission.WRITE_ARTICLES)
    text = checked(text)
    existing = queries.article_in(session, topic.id, language)
    if existing is not None:
        raise AlreadyTranslated(existing)
    slug = _own_slug(session, language, text)
    original = queries.article_in(session, topic.id, topic.original_language)
    number = original.number if original else None
    return _first_draft(session, topic, language, replace(text, slug=slug), number, by, at)


def revise(session: Session, article: Article, *, by: Actor, at: datetime) -> Draft:
    """The draft of an article, begun from what readers see where there is none."""
    by.require(Permission.WRITE_ARTICLES)
    draft = queries.any_draft_of(session, article.id)
    if draft is not None and draft.state != "removed":
        return draft
    if draft is not None:
        session.delete(draft)
        session.flush()
    draft = _draft_of(article, text_of(article), article.translated_from, by, at)
    with refusing(session, Conflict(None), TAKEN):
        session.add(draft)
    article.worked_at = at
    return draft


def save(
    session: Session,
    draft: Draft,
    text: Text,
    lock: int,
    *,
    by: Actor,
    at: datetime,
) -> Draft:
    """Raises Conflict and BadText. The address is only a wish until it is published; what is as it
    was makes no change."""
    by.require(Permission.WRITE_ARTICLES)
    if draft.lock != lock:
        raise Conflict(draft)
    text = checked(text)
    text = replace(text, slug=_wished(text) or draft.slug)
    if text == text_of(draft):
        return draft
    with refusing(session, Conflict(None), (StaleDataError,)):
        write_into(draft, text)
        _signed(draft, by, at)
        session.flush()
    draft.article.worked_at = at
    session.flush()
    return draft


def write(
    session: Session, article: Article, text: Text, seen: Seen, *, by: Actor, at: datetime
) -> Draft | None:
    """As `save`, into a draft that is begun with the first change; None where there is neither.
    What stands there already is no conflict: it may have arrived as its page was left."""
    draft = queries.draft_of(session, article.id)
    if seen != seen_of(article, draft):
        if draft is not None and checked(text) == text_of(draft):
            return draft
        raise Conflict(draft)
    if draft is None:
        if checked(text) == text_of(article):
            return None
        draft = revise(session, article, by=by, at=at)
    return save(session, draft, text, draft.lock, by=by, at=at)


def seen_of(article: Article, draft: Draft | None) -> Seen:
    return Seen(draft.lock if draft else UNSAVED, article.number)


Row = Article | Draft | ArticleVersion


def text_of(row: Row) -> Text:
    return Text(row.slug, row.title, row.summary, row.body, tuple(row.labels))


def write_into(row: Row, text: Text) -> None:
    row.slug, row.title, row.summary = text.slug, text.title, text.summary
    row.body, row.labels = text.body, list(text.labels)


def checked(text: Text) -> Text:
    """Without what no text may contain. Raises BadText for what is too long."""
    tidy = Text(
        slug=text.slug.strip().lower(),
        title=" ".join(clean(text.title).split()),
        summary=" ".join(clean(text.summary).split()),
        body=clean(text.body),
        labels=_labels(text.labels),
    )
    problems = {
        name: "too_long" for name, longest in _LONGEST.items() if len(getattr(tidy, name)) > longest
    }
    if len(tidy.labels) > MOST_LABELS:
        problems["labels"] = "too_many"
    if any(len(label) > LABEL_LONGEST for label in tidy.labels):
        problems["labels"] = "too_long"
    if problems:
        raise BadText(problems)
    return tidy


_LONGEST = {"title": TITLE_LONGEST, "summary": SUMMARY_LONGEST, "body": BODY_LONGEST}


def free_slug(session: Session, language: str, wish: str, *, but: UUID | None = None) -> str:
    """The wish, or one like it that leads nowhere yet; `but`: this article's own are free."""
    if not queries.is_taken(session, language, wish, but=but):
        return wish
    return free_one(wish, queries.taken_slugs(session, language, wish[:100], but=but))


def refuse_taken(session: Session, language: str, slug: str, *, but: UUID | None = None) -> None:
    """Raises SlugTaken."""
    free = free_slug(session, language, slug, but=but)
    if free != slug:
        raise SlugTaken(slug, free)


def _own_slug(session: Session, language: str, text: Text) -> str:
    if text.slug:
        wish = _wished(text) or UNNAMED
        refuse_taken(session, language, wish)
        return wish
    return free_slug(session, language, slug_of(text.title) or UNNAMED)


def _wished(text: Text) -> str:
    """What was typed, as an address; of the title, where nothing was."""
    return text.slug if is_slug(text.slug) else slug_of(text.slug or text.title)


def _labels(labels: Sequence[str]) -> tuple[str, ...]:
    tidy = (" ".join(clean(label).split()) for label in labels)
    return tuple(dict.fromkeys(label for label in tidy if label))


def _first_draft(
    session: Session,
    topic: Topic,
    language: str,
    text: Text,
    translated_from: int | None,
    by: Actor,
    at: datetime,
) -> Draft:
    with refusing(session, SlugTaken(text.slug, text.slug), TAKEN):
        article = Article(
            topic=topic,
            language=language,
            slug=text.slug,
            title=text.title,
            translated_from=translated_from,
            created_at=at,
            updated_at=at,
            worked_at=at,
        )
        session.add(article)
    draft = _draft_of(article, text, translated_from, by, at)
    session.add(draft)
    session.flush()
    return draft


def _draft_of(
    article: Article, text: Text, translated_from: int | None, by: Actor, at: datetime
) -> Draft:
    draft = Draft(article=article, base_number=article.number, translated_from=translated_from)
    write_into(draft, text)
    _signed(draft, by, at)
    return draft


def _signed(draft: Draft, by: Actor, at: datetime) -> None:
    draft.updated_by, draft.updated_by_name, draft.updated_at = by.user_id, by.name, at
