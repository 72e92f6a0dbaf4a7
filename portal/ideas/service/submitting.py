"""A new idea, with the vote of the builder that it comes from; and its words when they change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from portal.accounts import audit
from portal.community.service.restrictions import refuse_if_restricted
from portal.core.idea_ranking import heat_of
from portal.core.permissions import Actor, Permission
from portal.foundation import outbox
from portal.foundation.markup import render
from portal.foundation.numbers import next_number
from portal.ideas.happenings import EDITED
from portal.ideas.models import TITLE_LONGEST, FeatureRequest, Status
from portal.ideas.service import finding, picturing, voting
from portal.ideas.service.holding import hold
from portal.ideas.service.refusals import Conflict, TooLate
from portal.writing.service.masking import masked

NUMBERS: Final = "ideas"
INTERNAL_NUMBERS: Final = "internal_ideas"
INTERNAL_FROM: Final = 1_000_000  # so that public numbers have no gap where one is internal
TO_CHANGE: Final = timedelta(hours=24)
WORDS_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Words:
    """What an idea says; descriptions are Markdown. Only those who run ideas keep one internal."""

    title: str
    description: str
    use_case: str = ""
    category: str = ""
    is_internal: bool = False


def submit(
    session: Session, words: Words, *, language: str, by: Actor, at: datetime
) -> FeatureRequest:
    by.require(Permission.TAKE_PART)
    refuse_if_restricted(session, by, at=at)
    idea = FeatureRequest(
        number=0,
        language=language,
        submitted_by=by.user_id,
        submitted_by_name=by.name,
        builder_id=by.builder_id,
        status=Status.SUBMITTED,
        status_at=at,
        heat=heat_of(at, ()),
        created_at=at,
        updated_at=at,
    )
    _write(idea, words, by)
    idea.number = _number(session, idea)
    session.add(idea)
    session.flush()
    picturing.show(session, idea, by.user_id, at=at)
    if by.builder_id is not None:
        voting.vote(session, idea, by=by, at=at)
    finding.tell(session, idea, at=at)
    return idea


def may_edit(idea: FeatureRequest, actor: Actor | None, at: datetime) -> bool:
    """Who runs ideas at any time; its author for a day, as long as nobody has begun with it."""
    if actor is None or idea.merged_into_id is not None:
        return False
    if actor.may(Permission.RUN_IDEAS):
        return True
    fresh = idea.status == Status.SUBMITTED and at - idea.created_at <= TO_CHANGE
    its_own = actor.may(Permission.TAKE_PART) and idea.builder_id == actor.builder_id
    return its_own and fresh and idea.submitted_by == actor.user_id


def edit(
    session: Session, idea: FeatureRequest, words: Words, seen: int, *, by: Actor, at: datetime
) -> None:
    """`seen` is the version that the editor began with. Raises TooLate, Conflict."""
    by.require(Permission.TAKE_PART)
    refuse_if_restricted(session, by, at=at)
    hold(session, idea)
    if not may_edit(idea, by, at):
        raise TooLate
    if idea.version != seen:
        raise Conflict
    was_internal = idea.is_internal
    _write(idea, words, by)
    if idea.is_internal != was_internal:
        picturing.follow(session, idea, at=at)
    picturing.show(session, idea, by.user_id, at=at)
    if not idea.is_internal and idea.number > INTERNAL_FROM:
        idea.number = _number(session, idea)
    idea.updated_at, idea.version = at, idea.version + 1
    session.flush()
    finding.tell(session, idea, at=at)
    outbox.record(session, EDITED, at=at, builder_id=None, request_id=str(idea.id))
    if idea.submitted_by != by.user_id:
        audit.record(session, "idea.edited", by=by, at=at, about=named(idea))


def named(idea: FeatureRequest) -> str:
    return f"#{idea.number} {idea.title}"


def _number(session: Session, idea: FeatureRequest) -> int:
    if idea.is_internal:
        return INTERNAL_FROM + next_number(session, INTERNAL_NUMBERS)
    return next_number(session, NUMBERS)


def _write(idea: FeatureRequest, words: Words, by: Actor) -> None:
    idea.title = masked(" ".join(words.title.split())).text[:TITLE_LONGEST]
    idea.description = masked(words.description.strip()).text
    idea.use_case = masked(words.use_case.strip()).text
    idea.description_html = str(render(idea.description))
    idea.use_case_html = str(render(idea.use_case))
    idea.category = words.category
    if by.may(Permission.RUN_IDEAS):
        idea.is_internal = words.is_internal
