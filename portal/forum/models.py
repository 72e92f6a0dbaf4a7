"""The forum: threads of a first post and its replies, as in the seed's `forum_posts` and
`forum_replies`.

Everybody may read them, so no row is a tenant's; `builder_id` says for whom its author spoke. What
people wrote is kept as Markdown and as HTML, since a thread is read a thousand times for once that
it is written in.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation.db import Base, only_where


class Kind(StrEnum):
    QUESTION = "question"  # one of its replies may be the answer
    DISCUSSION = "discussion"


class State(StrEnum):
    PUBLISHED = "published"
    HELD = "held"  # until a moderator has looked: only its author and moderators know of it
    REMOVED = "removed"  # with a reason, and brought back the same way
    MERGED = "merged"  # it is elsewhere now, and leads there


class Rhythm(StrEnum):
    """How often somebody hears by mail of all that they follow."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Wrong(StrEnum):
    """Why somebody wants moderators to look."""

    SPAM = "spam"
    RUDE = "rude"
    PRIVATE = "private"  # names, addresses or amounts of people who did not ask for it
    ELSEWHERE = "elsewhere"  # it belongs in another category or thread
    OTHER = "other"


UNANSWERED: Final = "kind = 'question' AND state = 'published' AND answered_at IS NULL"
UNSETTLED: Final = "settled_at IS NULL"
HELD: Final = "state = 'held'"
PINNED: Final = "pinned_at IS NOT NULL"
ANSWERS: Final = "(accepted_at IS NOT NULL OR verified_at IS NOT NULL)"


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Written:
    """What a first post and a reply have in common. `edition` counts the texts it has had, and
    tells the second of two who save."""

    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(120))
    builder_id: Mapped[UUID | None] = mapped_column(ForeignKey("builders.id"), index=True)
    is_staff: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default=State.PUBLISHED)
    upvote_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]  # after the time in which nobody minds
    removed_at: Mapped[datetime | None]
    removed_by_name: Mapped[str] = mapped_column(String(120), default="")
    removed_because: Mapped[str] = mapped_column(String(300), default="")
    held_because: Mapped[str] = mapped_column(String(12), default="")  # core.reputation.Held
    submission_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    edition: Mapped[int] = mapped_column(default=1)
    # last in the row: SQLite reads through what is long to get at what stands behind it
    body: Mapped[str] = mapped_column(Text, sort_order=2)  # Markdown
    body_html: Mapped[str] = mapped_column(Text, sort_order=2)  # safe


class Post(Written, Base):
    """A thread and what it begins with. Of the seed's flags those that somebody sets are times, so
    that it stays known since when; the seed's names are the API's."""

    __tablename__ = "forum_posts"
    __table_args__ = (
        _one_of("kind", Kind),
        _one_of("state", State),
        Index("ix_forum_posts_active", "state", "active_at", "id"),
        Index("ix_forum_posts_active_in", "category", "state", "active_at", "id"),
        Index("ix_forum_posts_new", "state", "created_at", "id"),
        Index("ix_forum_posts_new_in", "category", "state", "created_at", "id"),
        Index("ix_forum_posts_top", "state", "upvote_count", "id"),
        Index("ix_forum_posts_top_in", "category", "state", "upvote_count", "id"),
        Index("ix_forum_posts_open", "created_at", "id", **only_where(UNANSWERED)),
        Index("ix_forum_posts_open_in", "category", "created_at", "id", **only_where(UNANSWERED)),
        Index("ix_forum_posts_held", "created_at", "id", **only_where(HELD)),
        Index("ix_forum_posts_pinned", "state", "pinned_at", **only_where(PINNED)),
        Index("ix_forum_posts_pinned_in", "category", "state", "pinned_at", **only_where(PINNED)),
        Index("ix_forum_posts_of_author", "author_id", "created_at", "id"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(50))  # a module's key
    language: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(300))
    reply_count: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)  # of the replies that were ever given one
    pinned_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # a reply was accepted or verified
    verified_at: Mapped[datetime | None]  # … verified
    staff_replied_at: Mapped[datetime | None]  # first
    active_at: Mapped[datetime]  # when somebody last wrote in it
    last_name: Mapped[str] = mapped_column(String(120), default="")  # of who wrote last
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"), index=True)
    source_ticket_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("support_tickets.id"), index=True
    )  # the answered ticket that it came from
    updated_at: Mapped[datetime]


class Reply(Written, Base):
    """Its `number` within the thread never changes, so that pages and links stay where they are;
    one that moves to another thread gets a new one there, and one that is held has none yet."""

    __tablename__ = "forum_replies"
    __table_args__ = (
        _one_of("state", State),
        UniqueConstraint("post_id", "number"),
        Index("ix_forum_replies_held", "created_at", "id", "post_id", **only_where(HELD)),
        Index("ix_forum_replies_answers", "post_id", **only_where(ANSWERS)),
        Index("ix_forum_replies_of_author", "author_id", "created_at", "id"),
    )

    post_id: Mapped[UUID] = mapped_column(ForeignKey("forum_posts.id"))
    number: Mapped[int | None]
    accepted_at: Mapped[datetime | None]  # by who asked
    verified_at: Mapped[datetime | None]  # by staff or moderators: it is right
    verified_by_name: Mapped[str] = mapped_column(String(120), default="")
    became_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("forum_posts.id"), index=True
    )  # the thread that was begun with it


class Vote(Base):
    """That somebody finds a post or a reply useful."""

    __tablename__ = "forum_votes"
    __table_args__ = (
        UniqueConstraint("user_id", "post_id"),
        UniqueConstraint("user_id", "reply_id"),
        CheckConstraint("(post_id IS NULL) <> (reply_id IS NULL)", name="one"),
        Index("ix_forum_votes_of_post", "post_id", **only_where("post_id IS NOT NULL")),
        Index("ix_forum_votes_of_reply", "reply_id", **only_where("reply_id IS NOT NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"))
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_replies.id"))
    created_at: Mapped[datetime]


class Version(Base):
    """What stood there before somebody changed it: nothing is silently rewritten."""

    __tablename__ = "forum_versions"
    __table_args__ = (
        CheckConstraint("(post_id IS NULL) <> (reply_id IS NULL)", name="one"),
        Index("ix_forum_versions_of_post", "post_id", "at", **only_where("post_id IS NOT NULL")),
        Index("ix_forum_versions_of_reply", "reply_id", "at", **only_where("reply_id IS NOT NULL")),
    )

    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"))
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_replies.id"))
    title: Mapped[str] = mapped_column(String(300), default="")  # of a first post
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]  # when it was replaced
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


class Follow(Base):
    """Somebody wants to hear of a thread, or of all new ones of a category."""

    __tablename__ = "forum_follows"
    __table_args__ = (
        UniqueConstraint("user_id", "post_id"),
        UniqueConstraint("user_id", "category"),
        CheckConstraint("(post_id IS NULL) <> (category IS NULL)", name="one"),
        Index("ix_forum_follows_of_post", "post_id", "user_id"),
        Index("ix_forum_follows_of_category", "category", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"))
    category: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[datetime]


class Position(Base):
    """How far somebody has read in a thread."""

    __tablename__ = "forum_positions"
    __table_args__ = (UniqueConstraint("user_id", "post_id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("forum_posts.id"), index=True)
    read_to: Mapped[int]  # a reply's number; 0: the first post alone
    at: Mapped[datetime]


class Digest(Base):
    """What is new in what somebody follows, in one letter; begun when they first follow."""

    __tablename__ = "forum_digests"
    __table_args__ = (
        _one_of("rhythm", Rhythm),
        Index("ix_forum_digests_due", "next_at", **only_where("next_at IS NOT NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    rhythm: Mapped[str] = mapped_column(String(10), default=Rhythm.WEEKLY)
    since: Mapped[datetime]  # what came later is new
    next_at: Mapped[datetime | None]


class Flag(Base):
    """Somebody wants moderators to look at a post or a reply."""

    __tablename__ = "forum_flags"
    __table_args__ = (
        _one_of("reason", Wrong),
        UniqueConstraint("by_id", "post_id"),
        UniqueConstraint("by_id", "reply_id"),
        CheckConstraint("(post_id IS NULL) <> (reply_id IS NULL)", name="one"),
        Index("ix_forum_flags_open", "at", "id", **only_where(UNSETTLED)),
        Index("ix_forum_flags_of_post", "post_id", **only_where("post_id IS NOT NULL")),
        Index("ix_forum_flags_of_reply", "reply_id", **only_where("reply_id IS NOT NULL")),
    )

    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_posts.id"))
    reply_id: Mapped[UUID | None] = mapped_column(ForeignKey("forum_replies.id"))
    reason: Mapped[str] = mapped_column(String(12))
    comment: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str] = mapped_column(String(120), default="")
    upheld: Mapped[bool | None]  # whether moderators saw it the same way
