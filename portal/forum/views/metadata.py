"""What search engines are told of a thread, in the terms of schema.org: what its page shows."""

from collections.abc import Sequence
from typing import Any, Final

from portal.forum.addresses import reply_path, thread_path
from portal.forum.models import Kind, Post, State
from portal.foundation.markup import kept
from portal.foundation.web.site import the_site

CONTEXT: Final = "https://schema.org"
MOST: Final = 10  # replies: the page has them all


def linked_data(post: Post, answers: Sequence[Any], replies: Sequence[Any]) -> dict[str, Any]:
    """JSON-LD; the template writes it so that nothing in it ends the script."""
    shown = [row for row in replies if row.state == State.PUBLISHED][:MOST]
    if post.kind == Kind.QUESTION:
        return {
            "@context": CONTEXT,
            "@type": "QAPage",
            "mainEntity": _question(post, answers, shown),
        }
    return {"@context": CONTEXT, **_discussion(post, shown)}


def _question(post: Post, answers: Sequence[Any], replies: Sequence[Any]) -> dict[str, Any]:
    known = {row.id for row in answers}
    others = [row for row in replies if row.id not in known]
    return {
        "@type": "Question",
        "name": post.title,
        "answerCount": post.reply_count,
        **_written(post),
        **_some("acceptedAnswer", "Answer", post, answers),
        **_some("suggestedAnswer", "Answer", post, others),
    }


def _discussion(post: Post, replies: Sequence[Any]) -> dict[str, Any]:
    return {
        "@type": "DiscussionForumPosting",
        "headline": post.title,
        "commentCount": post.reply_count,
        **_written(post),
        **_some("comment", "Comment", post, replies),
    }


def _some(name: str, kind: str, post: Post, rows: Sequence[Any]) -> dict[str, Any]:
    said = [{"@type": kind, **_said(row), "url": _address_of(post, row)} for row in rows]
    return {name: said} if said else {}


def _written(post: Post) -> dict[str, Any]:
    address = the_site().root + thread_path(post.number, post.title)
    return {**_said(post), "inLanguage": post.language, "url": address}


def _said(what: Any) -> dict[str, Any]:
    return {
        "text": kept(what.body_html).striptags(),
        "upvoteCount": what.upvote_count,
        "datePublished": what.created_at.isoformat(),
        "author": {"@type": "Person", "name": what.author_name},
    }


def _address_of(post: Post, row: Any) -> str:
    return the_site().root + reply_path(post.number, post.title, row.number)
