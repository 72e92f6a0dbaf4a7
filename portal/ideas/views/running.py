"""What those do who run ideas: say what becomes of one, and join those that are one."""

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.ideas.addresses import idea_path
from portal.ideas.forms import DecisionForm, MergingForm
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach
from portal.ideas.service import merging, statuses
from portal.ideas.service.refusals import CannotMerge, NotOpen, ReasonMissing, Unchanged
from portal.ideas.service.statuses import Decision
from portal.ideas.views.blueprint import ideas, the_idea, words
from portal.ideas.views.showing import idea_page

MOST_DIGITS = 10


@ideas.post("/<int:number>/status", endpoint="decide")
@requires(Permission.RUN_IDEAS)
def decide(number: int) -> Response:
    idea, form = the_idea(number), DecisionForm()
    if not form.validate():
        return idea_page(idea, status=422, decision=form)
    decision = Decision(form.decided(), form.note.data, form.shipped_in.data)
    try:
        statuses.decide(db(), idea, decision, by=the_actor(), at=utcnow())
    except ReasonMissing:
        form.note.errors = [_("Say why: whoever voted for it reads this.")]
        return idea_page(idea, status=422, decision=form)
    except Unchanged:
        form.status.errors = [_("It stands there already. Choose another status.")]
        return idea_page(idea, status=422, decision=form)
    except NotOpen:
        raise Problem(409, _("This idea was merged into another one.")) from None
    flash(_("Saved. Whoever voted for it is being told."))
    return see_other(idea_path(idea.number))


@ideas.get("/<int:number>/merging", endpoint="merging")
@requires(Permission.RUN_IDEAS)
def choose(number: int) -> Response:
    """With `?into=` what would become of the two, before anything does."""
    idea = the_idea(number)
    asked = request.args.get("into", "")
    if not asked:
        return _page(idea, MergingForm(formdata=None))
    number = int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else 0
    return _shown(idea, MergingForm(formdata=None, into=number))


@ideas.post("/<int:number>/merging", endpoint="merge")
@requires(Permission.RUN_IDEAS)
def merge(number: int) -> Response:
    idea, form = the_idea(number), MergingForm()
    if not form.validate():
        return _page(idea, form, status=422)
    other = reach.by_number(db(), the_actor(), form.into.data)
    if other is None:
        form.into.errors = [_("There is no such idea.")]
        return _page(idea, form, status=422)
    try:
        merging.merge(db(), idea, other, by=the_actor(), at=utcnow())
    except CannotMerge:
        form.into.errors = [_why_not()]
        return _page(idea, form, status=422)
    flash(_("Merged. Number %(number)s leads here from now on.", number=number))
    return see_other(idea_path(other.number))


def _shown(idea: FeatureRequest, form: MergingForm) -> Response:
    other = reach.by_number(db(), the_actor(), form.into.data)
    if other is None:
        form.into.errors = [_("There is no such idea.")]
    elif not merging.may_merge(idea, other):
        form.into.errors = [_why_not()]
        other = None
    return _page(idea, form, other)


def _why_not() -> str:
    return _("These two can’t become one: the same idea, merged already, or one of them internal.")


def _page(
    idea: FeatureRequest,
    form: MergingForm,
    other: FeatureRequest | None = None,
    *,
    status: int = 200,
) -> Response:
    return page("ideas/merging.html", status=status, idea=idea, other=other, form=form, **words())
