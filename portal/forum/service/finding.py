"""What the search is told of a thread: its first post, and its answers."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.audience import Audience, Gate, gates
from portal.forum.addresses import thread_path
from portal.forum.models import Post, Reply, State
from portal.foundation.markup import plain
from portal.search import service as search
from portal.search.documents import Document

KIND: Final = "thread"
ANSWERED: Final = 20  # upvotes that an answer is worth: the next person looks for one
SUMMARY: Final = 300  # characters
LONGEST: Final = 20_000
SOME: Final = 20  # replies that are searched, the most useful ones


def tell(session: Session, post: Post, *, at: datetime) -> None:
    if post.state != State.PUBLISHED:
        search.remove(session, KIND, post.id, at=at)
        return
    search.put(session, document_of(post, _replies(session, post)), at=at)


def document_of(post: Post, replies: list[Reply]) -> Document:
    first = plain(post.body)
    said = "\n\n".join([first, *(plain(reply.body) for reply in replies)])
    return Document(
        kind=KIND,
        object_id=post.id,
        language=post.language,
        title=post.title,
        path=thread_path(post.number, post.title),
        gates=gates(Audience.PUBLIC, ()) | {Gate.COMMUNITY},
        module=post.category,
        summary=first[:SUMMARY],
        body=said[:LONGEST],
        weight=post.upvote_count + (ANSWERED if post.answered_at else 0),
    )


def _replies(session: Session, post: Post) -> list[Reply]:
    """Answers first, then what was found useful."""
    best = Reply.accepted_at.is_(None) & Reply.verified_at.is_(None)
    rows = (
        select(Reply)
        .where(Reply.post_id == post.id, Reply.state == State.PUBLISHED)
        .order_by(best, Reply.upvote_count.desc(), Reply.number)
        .limit(SOME)
    )
    return list(session.scalars(rows))
