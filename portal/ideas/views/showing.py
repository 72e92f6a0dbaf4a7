"""One idea: what it is, who wants it, where it stands, what is said of it."""

from typing import Any
from uuid import uuid4

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.community.queries import people
from portal.core.gaps import plan_weights
from portal.core.idea_ranking import Weighed, weigh
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.web.access import public
from portal.foundation.web.cursors import asked_page
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page
from portal.ideas import plans, tracked
from portal.ideas.addresses import idea_path
from portal.ideas.forms import CommentForm, DecisionForm, ReasonForm
from portal.ideas.models import FeatureRequest, Status
from portal.ideas.queries import asked, reach, talk
from portal.ideas.queries import votes as queries
from portal.ideas.service import commenting, submitting, voting
from portal.ideas.views.blueprint import ideas, the_idea, visitor, words
from portal.ideas.wording import STATUSES
from portal.policy.running import running_pack
from portal.writing.service import drafts

VOTES_SHOWN = 50
STEPS: list[Status] = [status for status in Status if status != Status.DECLINED]


@ideas.get("/<int:number>")
@public("anybody may read public ideas")
def idea(number: int) -> Response:
    found = the_idea(number)
    if found.merged_into_id is not None:
        return _moved(found)
    return idea_page(found)


def _moved(found: FeatureRequest) -> Response:
    other = reach.by_id(db(), visitor(), found.merged_into_id) if found.merged_into_id else None
    if other is None:
        raise NotFound
    return redirect(idea_path(other.number), 301)


def idea_page(
    found: FeatureRequest,
    *,
    status: int = 200,
    blocks: tuple[str, ...] = (),
    comment: CommentForm | None = None,
    reason: ReasonForm | None = None,
    decision: DecisionForm | None = None,
    said: str = "",
) -> Response:
    """`said` is what became of a press, for whoever can't be told on another page."""
    session, actor = db(), visitor()
    own = voting.own_vote(session, found.id, actor)
    comments = talk.comments(session, found.id, asked_page())
    spoke = {found.builder_id, *(said.builder_id for said in comments.items)}
    return page(
        "ideas/idea.html",
        blocks=blocks,
        status=status,
        idea=found,
        own=own,
        said=said,
        steps=_steps(found),
        history=talk.history(session, found.id),
        comments=comments,
        builders=people.shown_names(session, spoke),
        asked=asked.elsewhere(session, actor, found.id),
        plans=plans.of(session, found.id, actor, language()),
        may_edit=submitting.may_edit(found, actor, utcnow()),
        may_remove=commenting.may_remove,
        comment_form=comment or _begun(found),
        reason_form=reason or ReasonForm(formdata=None, reason=own.reason if own else ""),
        press=request.form.get("press", "") or str(uuid4()),
        decision_form=decision or DecisionForm(formdata=None, status=found.status),
        **_for_staff(found),
        **words(),
    )


def _for_staff(found: FeatureRequest) -> dict[str, Any]:
    actor = visitor()
    if actor is None or not actor.is_staff:
        return {"votes": [], "weighed": [], "panels": []}
    panels = tracked.panels(found.number)
    if not actor.may(Permission.RUN_IDEAS):
        votes = queries.newest(db(), found.id, VOTES_SHOWN)
        return {"votes": votes, "weighed": [], "panels": panels}
    votes, plans = queries.weighed(db(), found.id, VOTES_SHOWN)
    return {"votes": votes, "weighed": weighed(plans), "panels": panels}


def weighed(plans: dict[str, int]) -> list[tuple[str, Weighed]]:
    """Named, and each plan as the running support model knows it."""
    pack, known = running_pack(), dict[str, int]()
    for plan, number in plans.items():
        key = pack.nearest_plan(plan).key
        known[key] = known.get(key, 0) + number
    lines = weigh(known, plan_weights(pack.plans))
    return [(pack.nearest_plan(line.plan).name.to(language()), line) for line in lines]


def _steps(found: FeatureRequest) -> list[dict[str, Any]]:
    """None for what goes no further."""
    if found.status == Status.DECLINED:
        return []
    here = STEPS.index(Status(found.status))
    last = found.status == Status.SHIPPED
    states = ["done" if at < here or last else "ahead" for at in range(len(STEPS))]
    if not last:
        states[here] = "current"
    labels = (STATUSES[status] for status in STEPS)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def _begun(found: FeatureRequest) -> CommentForm:
    """With what was typed and not sent."""
    actor = visitor()
    if actor is None or not actor.may(Permission.TAKE_PART):
        return CommentForm(formdata=None)
    draft = drafts.find(db(), comment_place(found), by=actor)
    return CommentForm(formdata=None, body=draft.fields.get("body", "") if draft else "")


def comment_place(found: FeatureRequest) -> str:
    return f"idea:{found.id}"
