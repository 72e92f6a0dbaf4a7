"""Rows as shapes, with whole addresses."""

from typing import Any
from uuid import UUID

from portal.forum.addresses import reply_path, thread_path
from portal.forum.api import shapes
from portal.forum.models import Post
from portal.foundation.web.access import the_actor
from portal.foundation.web.database import db
from portal.notifications.addresses import absolute, root_for

_POST = (
    *("id", "number", "kind", "category", "language", "title", "author_id", "author_name"),
    *("is_staff", "upvote_count", "reply_count", "created_at", "active_at"),
)
_REPLY = (
    *("id", "number", "body", "body_html", "author_id", "author_name", "is_staff"),
    *("upvote_count", "created_at", "edited_at"),
)


def root() -> str:
    return absolute("", root_for(db(), the_actor()))


def post_facts(row: Any, at: str) -> dict[str, Any]:
    """`row` is a post, or one of queries.listing."""
    return {name: getattr(row, name) for name in _POST} | {
        "url": at + thread_path(row.number, row.title),
        "is_answered": row.answered_at is not None,
        "is_verified_answer": row.verified_at is not None,
        "is_staff_replied": row.staff_replied_at is not None,
        "is_pinned": row.pinned_at is not None,
        "is_locked": row.locked_at is not None,
    }


def reply_facts(row: Any, post: Post, at: str) -> dict[str, Any]:
    post_id: UUID = post.id
    return {name: getattr(row, name) for name in _REPLY} | {
        "post_id": post_id,
        "url": at
        + (
            reply_path(post.number, post.title, row.number)
            if row.number
            else thread_path(post.number, post.title)
        ),
        "is_accepted": row.accepted_at is not None,
        "is_verified_answer": row.verified_at is not None,
    }


def post(row: Any, at: str) -> shapes.Post:
    return shapes.Post(**post_facts(row, at))


def reply(row: Any, of: Post, at: str) -> shapes.Reply:
    return shapes.Reply(**reply_facts(row, of, at))
