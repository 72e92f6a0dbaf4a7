"""Points for what people write here, as the ledger of the community keeps them.

Each function looks at what is true now, so that the order in which a worker hears of things, and
how often, makes no difference.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.community.queries.points import Source
from portal.community.service import points
from portal.core.reputation import Cause
from portal.forum.models import Flag, Post, Reply, State, Vote

POST: Final = "forum_post"
REPLY: Final = "forum_reply"
FLAG: Final = "forum_flag"


def source_of(what: Post | Reply) -> Source:
    return Source(POST if isinstance(what, Post) else REPLY, what.id)


def weigh_vote(session: Session, what: Post | Reply, voter: UUID, *, at: datetime) -> None:
    cause = Cause.QUESTION_UPVOTED if isinstance(what, Post) else Cause.REPLY_UPVOTED
    source = source_of(what)
    if what.state == State.PUBLISHED and _has_voted(session, what, voter):
        points.award(session, cause, to=what.author_id, source=source, given_by=voter, at=at)
    else:
        points.take_back(session, cause, source=source, given_by=voter, at=at)


def weigh_answer(session: Session, post: Post, reply: Reply, *, at: datetime) -> None:
    """Both who wrote it and who said so; staff vouch for it as nobody in particular."""
    source, asker, author = source_of(reply), post.author_id, reply.author_id
    if reply.accepted_at is not None:
        accepted, accepting = Cause.ANSWER_ACCEPTED, Cause.ACCEPTED_AN_ANSWER
        points.award(session, accepted, to=author, source=source, given_by=asker, at=at)
        if author != asker:
            points.award(session, accepting, to=asker, source=source, given_by=author, at=at)
    else:
        for cause, given_by in (
            (Cause.ANSWER_ACCEPTED, asker),
            (Cause.ACCEPTED_AN_ANSWER, author),
        ):
            points.take_back(session, cause, source=source, given_by=given_by, at=at)
    if reply.verified_at is not None:
        points.award(session, Cause.ANSWER_VERIFIED, to=author, source=source, at=at)
    else:
        points.take_back(session, Cause.ANSWER_VERIFIED, source=source, at=at)


def weigh_removal(
    session: Session, what: Post | Reply, *, own: bool, at: datetime, by: UUID | None
) -> None:
    """What is gone gives nothing any more; what moderators took away costs something."""
    source = source_of(what)
    if what.state == State.PUBLISHED:
        points.take_back(session, Cause.POST_REMOVED, source=source, at=at)
        points.give_all_back(session, source, at=at)
        return
    points.take_all_back(session, source, at=at, by=by)
    if not own:
        points.award(session, Cause.POST_REMOVED, to=what.author_id, source=source, at=at)


def weigh_flag(session: Session, raised: Flag, *, at: datetime) -> None:
    if raised.upheld:
        source = Source(FLAG, raised.id)
        points.award(session, Cause.FLAG_UPHELD, to=raised.by_id, source=source, at=at)


def _has_voted(session: Session, what: Post | Reply, voter: UUID) -> bool:
    about = Vote.post_id == what.id if isinstance(what, Post) else Vote.reply_id == what.id
    return session.scalar(select(Vote.id).where(Vote.user_id == voter, about)) is not None
