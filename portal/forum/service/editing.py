"""Correcting what was written; what stood there before is kept, but for slips."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.community.service.restrictions import refuse_if_restricted
from portal.core.forum import is_author, leaves_a_trace, may_edit
from portal.core.permissions import Actor, Forbidden, Permission
from portal.forum.models import Post, Reply, State, Version
from portal.forum.service import finding
from portal.forum.service.texts import text_of, title_of
from portal.writing.service import pictures


class ChangedMeanwhile(ValueError):
    """Somebody else has saved since this was opened."""


def edit_post(
    session: Session, post: Post, title: str, body: str, edition: int, *, by: Actor, at: datetime
) -> None:
    """`edition` is the one that somebody began with. Raises Forbidden, ChangedMeanwhile,
    NothingWritten and TooLong."""
    _require(session, post, by, at, locked=post.locked_at is not None)
    words, text = title_of(title), text_of(body)
    if (words, text.body) == (post.title, post.body):
        return
    before = Version(post_id=post.id, title=post.title, body=post.body)
    values = {"title": words, "body": text.body, "body_html": text.html, "updated_at": at}
    _save(session, post, before, values, edition, by, at)
    finding.tell(session, post, at=at)


def retitle(
    session: Session, post: Post, title: str, edition: int, *, by: Actor, at: datetime
) -> None:
    """By who has earned it, of what others wrote; the former title is kept. Raises as
    `edit_post`."""
    refuse_if_restricted(session, by, at=at)
    by.require(Permission.EDIT_TITLES)
    words = title_of(title)
    if words == post.title:
        return
    before = Version(post_id=post.id, title=post.title, body=post.body)
    _save(session, post, before, {"title": words, "updated_at": at}, edition, by, at)
    finding.tell(session, post, at=at)


def edit_reply(
    session: Session,
    post: Post,
    reply: Reply,
    body: str,
    edition: int,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """As `edit_post`."""
    _require(session, reply, by, at, locked=post.locked_at is not None)
    text = text_of(body)
    if text.body == reply.body:
        return
    before = Version(reply_id=reply.id, body=reply.body)
    values = {"body": text.body, "body_html": text.html}
    _save(session, reply, before, values, edition, by, at)
    finding.tell(session, post, at=at)


def _require(
    session: Session, what: Post | Reply, by: Actor, at: datetime, *, locked: bool
) -> None:
    refuse_if_restricted(session, by, at=at)
    if not may_edit(by, what.author_id, locked=locked):
        raise Forbidden(by.role, Permission.MODERATE)


def _save(
    session: Session,
    what: Post | Reply,
    before: Version,
    values: Mapping[str, object],
    edition: int,
    by: Actor,
    at: datetime,
) -> None:
    """Only over the edition that was read. Somebody else's words never change without a trace,
    neither the author's nor those that moderators put in their place."""
    kind = type(what)
    own = is_author(by, what.author_id) and what.edited_at is None
    traced = not own or leaves_a_trace(what.created_at, at)
    traces = {"edited_at": at} if traced else {}
    done = session.execute(
        update(kind)
        .where(kind.id == what.id, kind.edition == edition)
        .values(edition=edition + 1, **traces, **values)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile
    if what.state == State.PUBLISHED and "body" in values:
        pictures.show(session, str(values["body"]), author_id=by.user_id, at=at)
    if traced:
        before.at, before.by_id, before.by_name = at, by.user_id, by.name
        session.add(before)
    session.flush()
    session.refresh(what)
