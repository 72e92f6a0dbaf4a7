"""From here on everybody reads it: at once, or when a moderator has looked."""

from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.core.forum import require_judge
from portal.core.permissions import Actor
from portal.forum.happenings import HELD, RELEASED, REPLIED, STARTED
from portal.forum.models import Post, Reply, State
from portal.forum.service import finding
from portal.foundation import outbox
from portal.writing.service import pictures


def publish_post(session: Session, post: Post, *, at: datetime) -> None:
    pictures.show(session, post.body, author_id=post.author_id, at=at)
    finding.tell(session, post, at=at)
    outbox.record(session, STARTED, at=at, builder_id=None, post=str(post.id))


def publish_reply(session: Session, post: Post, reply: Reply, *, at: datetime) -> None:
    """It gets its number now, so that none is missing where somebody waits."""
    _count(session, post, reply, at)
    reply.number = post.last_number
    session.flush()
    pictures.show(session, reply.body, author_id=reply.author_id, at=at)
    finding.tell(session, post, at=at)
    outbox.record(session, REPLIED, at=at, builder_id=None, reply=str(reply.id))


def tell_held(session: Session, what: Post | Reply, *, at: datetime) -> None:
    kind = "post" if isinstance(what, Post) else "reply"
    outbox.record(session, HELD, at=at, builder_id=None, what=kind, key=str(what.id))


def release(session: Session, post: Post, what: Post | Reply, *, by: Actor, at: datetime) -> None:
    """Nothing happens to what is not held any more."""
    require_judge(by, what.author_id)
    if what.state != State.HELD:
        return
    what.state, what.held_because = State.PUBLISHED, ""
    session.flush()
    if isinstance(what, Reply):
        there = _where_it_went(session, post)
        what.post_id = there.id
        publish_reply(session, there, what, at=at)
    else:
        what.active_at = what.updated_at = at
        publish_post(session, what, at=at)
    kind = "post" if isinstance(what, Post) else "reply"
    outbox.record(session, RELEASED, at=at, builder_id=None, what=kind, key=str(what.id))
    audit.record(session, "thread.released", by=by, at=at, about=post.title)


def _where_it_went(session: Session, post: Post) -> Post:
    """A thread may have been joined to another while a reply waited."""
    while post.merged_into_id is not None:
        post = session.get_one(Post, post.merged_into_id)
    return post


def _count(session: Session, post: Post, reply: Reply, at: datetime) -> None:
    """Whoever has drawn a number keeps the others of this thread waiting until the commit."""
    first_word = func.coalesce(Post.staff_replied_at, at)
    session.execute(
        update(Post)
        .where(Post.id == post.id)
        .values(
            last_number=Post.last_number + 1,
            reply_count=Post.reply_count + 1,
            active_at=at,
            updated_at=at,
            last_name=reply.author_name,
            staff_replied_at=first_word if reply.is_staff else Post.staff_replied_at,
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(post)
