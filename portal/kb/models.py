"""The knowledge base: a topic is what an article is about, an article is a topic in one language.

Of the seed's `kb_articles` all that must be the same in every language is the topic's (module,
roles, audience, category, platform version), so that no translation can be open to more people than
its original. What readers see stands in `Article`; what editors work on in `Draft`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.core.audience import Audience
from portal.foundation.db import Base, only_where
from portal.foundation.files import FileColumns
from portal.foundation.tenancy import Tenanted

SURFACES = ("page", "search", "widget", "ticket_form", "portal", "api")
"""Where somebody came to read something."""
REASONS = ("outdated", "unclear", "incomplete", "not_my_question", "does_not_work")
"""Why an article did not help."""


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Category(Base):
    """A shelf, in a tree; `titles` and `descriptions` are texts by language."""

    __tablename__ = "kb_categories"
    __table_args__ = (Index("ix_kb_categories_parent", "parent_id", "position"),)

    key: Mapped[str] = mapped_column(String(200), unique=True)  # "scheduling", "scheduling/basics"
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_categories.id"))
    module: Mapped[str] = mapped_column(String(50), default="")
    position: Mapped[int] = mapped_column(default=0)
    titles: Mapped[dict[str, Any]] = mapped_column(default=dict)
    descriptions: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Topic(Base):
    """What is the same of an article in every language."""

    __tablename__ = "kb_topics"
    __table_args__ = (
        _one_of("audience", tuple(Audience)),
        Index("ix_kb_topics_of_category", "category_id", "position", "id"),
        Index("ix_kb_topics_of_module", "module_tag", "audience", "position", "id"),
        Index("ix_kb_topics_review", "review_by", **only_where("review_by IS NOT NULL")),
    )

    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_categories.id"))
    module_tag: Mapped[str] = mapped_column(String(50), default="")
    role_tags: Mapped[list[str]] = mapped_column(default=list)  # none: whoever works at a builder
    audience: Mapped[str] = mapped_column(String(12), default=Audience.PUBLIC)
    platform_version: Mapped[str] = mapped_column(String(20), default="")  # "4.2+", "3.0 - 4.1"
    original_language: Mapped[str] = mapped_column(String(10), default="en")
    position: Mapped[int] = mapped_column(default=0)
    video_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_videos.id"), index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)
    review_by: Mapped[datetime | None]  # when somebody should see whether it still holds
    reminded_at: Mapped[datetime | None]  # that the day has come
    review_because: Mapped[str] = mapped_column(String(300), default="")  # what is new to it
    review_path: Mapped[str] = mapped_column(String(300), default="")  # where that is told
    source: Mapped[str | None] = mapped_column(String(400), unique=True)  # path in an imported tree
    source_ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("support_tickets.id"), index=True
    )  # the answer that it came from
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    category: Mapped[Category | None] = relationship(lazy="raise")
    video: Mapped["Video | None"] = relationship(lazy="raise")
    articles: Mapped[list["Article"]] = relationship(lazy="raise", back_populates="topic")


class Article(Base):
    """What readers see of a topic in one language: its last published version."""

    __tablename__ = "kb_articles"
    __table_args__ = (
        UniqueConstraint("language", "slug"),
        UniqueConstraint("topic_id", "language"),
        Index("ix_kb_articles_published", "language", "published_at", "id", "is_published"),
        Index("ix_kb_articles_read", "language", "is_published", "view_count"),
        Index("ix_kb_articles_worked", "worked_at", "id"),
    )

    topic_id: Mapped[UUID] = mapped_column(ForeignKey("kb_topics.id"))
    language: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(500), default="")
    # last in the row: SQLite reads through what is long to get at what stands behind it
    body: Mapped[str] = mapped_column(Text, default="", sort_order=2)  # Markdown
    body_html: Mapped[str] = mapped_column(
        Text, default="", sort_order=2
    )  # safe; own addresses as `corbel:/…`
    outline: Mapped[list[Any]] = mapped_column(
        default=list, sort_order=1
    )  # {"level": 2, "id": …, "text": …}
    labels: Mapped[list[str]] = mapped_column(default=list)  # further words to be found by
    is_published: Mapped[bool] = mapped_column(default=False)
    number: Mapped[int] = mapped_column(default=0)  # of the version that is shown; 0: none yet
    # the original's version that this translates; behind it, the translation is outdated
    translated_from: Mapped[int | None]
    view_count: Mapped[int] = mapped_column(default=0)
    helpful_count: Mapped[int] = mapped_column(default=0)
    not_helpful_count: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]  # first
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]  # when what readers see last changed
    worked_at: Mapped[datetime]  # when somebody last wrote, published or withdrew it

    topic: Mapped[Topic] = relationship(lazy="raise", back_populates="articles")


class Draft(Base):
    """What editors work on, one an article; `lock` tells the second of two who save. What was
    removed stays for a day, so that it can be brought back."""

    __tablename__ = "kb_drafts"
    __table_args__ = (
        _one_of("state", ("draft", "in_review", "removed")),
        Index("ix_kb_drafts_state", "state", "updated_at", "id"),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"), unique=True)
    base_number: Mapped[int] = mapped_column(default=0)  # the published version it began from
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    labels: Mapped[list[str]] = mapped_column(default=list)
    translated_from: Mapped[int | None]
    restored: Mapped[int | None]  # the version that it began as, to bring it back
    state: Mapped[str] = mapped_column(String(10), default="draft")
    note: Mapped[str] = mapped_column(String(500), default="")  # what changed, or why sent back
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    updated_by_name: Mapped[str] = mapped_column(String(120), default="")
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}  # noqa: RUF012

    article: Mapped[Article] = relationship(lazy="raise")


class ArticleVersion(Base):
    """A state that was published, kept whole."""

    __tablename__ = "kb_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    labels: Mapped[list[str]] = mapped_column(default=list)
    platform_version: Mapped[str] = mapped_column(String(20), default="")
    translated_from: Mapped[int | None]
    restored: Mapped[int | None]  # the number of the version that this one brought back
    note: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]

    by: Mapped[User | None] = relationship(lazy="raise")


class Redirect(Base):
    """An address that an article had before."""

    __tablename__ = "kb_redirects"
    __table_args__ = (UniqueConstraint("language", "slug"),)

    language: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(200))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"), index=True)
    created_at: Mapped[datetime]


class ArticleLink(Base):
    """That a published article points at another topic, or at nothing (no topic)."""

    __tablename__ = "kb_links"
    __table_args__ = (
        UniqueConstraint("article_id", "target"),
        Index("ix_kb_links_of_topic", "topic_id"),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"))
    target: Mapped[str] = mapped_column(String(500))  # as it was written
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_topics.id"))
    anchor: Mapped[str] = mapped_column(String(200), default="")


class KbFile(FileColumns, Base):
    """A picture, video or caption file of the knowledge base."""

    __tablename__ = "kb_files"
    __table_args__ = (
        Index("ix_kb_files_sha256", "sha256"),
        Index("ix_kb_files_storage_key", "storage_key"),
    )

    original_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_files.id"))  # unannotated
    annotations: Mapped[list[Any]] = mapped_column(default=list)  # shapes drawn over the original
    source: Mapped[str | None] = mapped_column(String(400))  # path in an imported tree
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class FileUse(Base):
    """Who may see a file: whoever may read a published article that shows it."""

    __tablename__ = "kb_file_uses"
    __table_args__ = (
        UniqueConstraint("file_id", "article_id"),
        Index("ix_kb_file_uses_of_article", "article_id"),
    )

    file_id: Mapped[UUID] = mapped_column(ForeignKey("kb_files.id"))
    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"))


class Video(Base):
    """A film about one workflow."""

    __tablename__ = "kb_videos"
    __table_args__ = (
        _one_of("provider", ("file", "youtube", "vimeo")),
        _one_of("audience", tuple(Audience)),
        Index("ix_kb_videos_of_module", "module_tag", "position", "id"),
    )

    slug: Mapped[str] = mapped_column(String(200), unique=True)
    module_tag: Mapped[str] = mapped_column(String(50), default="")
    workflow: Mapped[str] = mapped_column(String(80), default="")
    role_tags: Mapped[list[str]] = mapped_column(default=list)
    audience: Mapped[str] = mapped_column(String(12), default=Audience.PUBLIC)
    provider: Mapped[str] = mapped_column(String(10), default="file")
    external_id: Mapped[str] = mapped_column(String(80), default="")  # at the provider
    poster_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_files.id"))
    seconds: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    is_published: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    texts: Mapped[list["VideoText"]] = relationship(lazy="raise", back_populates="video")


class VideoText(Base):
    """A video's words in one language; `chapters` are {"at": seconds, "title": …}, `cues` are
    [at, until, text] of its captions, whose words alone are the `transcript`."""

    __tablename__ = "kb_video_texts"
    __table_args__ = (UniqueConstraint("video_id", "language"),)

    video_id: Mapped[UUID] = mapped_column(ForeignKey("kb_videos.id"))
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    chapters: Mapped[list[Any]] = mapped_column(default=list)
    cues: Mapped[list[Any]] = mapped_column(default=list)
    transcript: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_files.id"))  # spoken in it
    captions_id: Mapped[UUID | None] = mapped_column(ForeignKey("kb_files.id"))

    video: Mapped[Video] = relationship(lazy="raise", back_populates="texts")


class Feedback(Base, Tenanted):
    """Whether an article helped somebody; `visitor` is a digest that is theirs alone."""

    __tablename__ = "kb_feedback"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('', " + ", ".join(f"'{reason}'" for reason in REASONS) + ")", name="reason"
        ),
        UniqueConstraint("article_id", "visitor"),
        Index("ix_kb_feedback_of_article", "article_id", "at"),
        Index("ix_kb_feedback_at", "at", "id"),
        Index("ix_kb_feedback_of_user", "user_id", **only_where("user_id IS NOT NULL")),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"))
    number: Mapped[int]  # of the version that was read
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(20), default="")
    comment: Mapped[str] = mapped_column(String(2000), default="")  # secrets masked
    visitor: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    plan: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    surface: Mapped[str] = mapped_column(String(12), default="page")
    at: Mapped[datetime]


class Reading(Base, Tenanted):
    """Somebody had an article before them for long enough to read; and the ticket, if they opened
    one within a day all the same."""

    __tablename__ = "kb_readings"
    __table_args__ = (
        _one_of("surface", SURFACES),
        Index("ix_kb_readings_of_visitor", "visitor", "at"),
        Index("ix_kb_readings_of_user", "user_id", "at", **only_where("user_id IS NOT NULL")),
        Index("ix_kb_readings_of_article", "article_id", "at"),
        Index("ix_kb_readings_at", "at", "id"),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("kb_articles.id"))
    visitor: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    plan: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    surface: Mapped[str] = mapped_column(String(12), default="page")
    page_key: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_tickets.id"), index=True)
