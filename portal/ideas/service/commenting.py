"""What people say of an idea."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.community.service.restrictions import refuse_if_restricted
from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.foundation.markup import render
from portal.ideas.happenings import COMMENTED
from portal.ideas.models import FeatureRequest, IdeaComment
from portal.ideas.service import picturing
from portal.ideas.service.holding import hold
from portal.ideas.service.refusals import NotOpen
from portal.ideas.service.submitting import named
from portal.writing.service.masking import masked

COMMENT_LONGEST: Final = 10_000


def comment(
    session: Session, idea: FeatureRequest, body: str, *, by: Actor, at: datetime
) -> IdeaComment:
    """Raises NotOpen for what was merged."""
    by.require(Permission.TAKE_PART)
    refuse_if_restricted(session, by, at=at)
    hold(session, idea)
    if idea.merged_into_id is not None:
        raise NotOpen
    words = masked(body.strip()).text
    said = IdeaComment(
        request_id=idea.id,
        author_id=by.user_id,
        author_name=by.name,
        builder_id=by.builder_id,
        created_at=at,
        body=words,
        body_html=str(render(words)),
    )
    session.add(said)
    picturing.show_comment(session, idea, said, at=at)
    _count(session, idea, +1)
    outbox.record(session, COMMENTED, at=at, builder_id=None, comment_id=str(said.id))
    return said


def may_remove(said: IdeaComment, actor: Actor | None) -> bool:
    """Its author, and who moderates."""
    if actor is None:
        return False
    is_author = said.author_id == actor.user_id and said.builder_id == actor.builder_id
    return actor.may(Permission.MODERATE) or (actor.may(Permission.TAKE_PART) and is_author)


def remove(
    session: Session, idea: FeatureRequest, said: IdeaComment, *, by: Actor, at: datetime
) -> None:
    """For whoever `may_remove` it."""
    by.require(Permission.TAKE_PART)
    hold(session, idea)
    picturing.hide_comment(session, said, at=at)
    session.delete(said)
    _count(session, idea, -1)
    if said.author_id != by.user_id:
        audit.record(session, "idea.comment_removed", by=by, at=at, about=named(idea))


def _count(session: Session, idea: FeatureRequest, change: int) -> None:
    idea.comment_count = FeatureRequest.comment_count + change
    session.flush()
    session.refresh(idea, ["comment_count"])
