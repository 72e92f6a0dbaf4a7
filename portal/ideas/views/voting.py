"""The vote of one's company: cast, explained, taken back; by staff in a builder's name."""

from uuid import UUID

from flask import request
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import when
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.foundation.web.limits import limiter
from portal.ideas.addresses import idea_path
from portal.ideas.forms import BehalfForm, ReasonForm
from portal.ideas.models import FeatureRequest, FeatureRequestVote
from portal.ideas.queries import votes as queries
from portal.ideas.service import voting
from portal.ideas.service.refusals import NobodysVote, NoSuchTicket, NotOpen, Refusal
from portal.ideas.service.voting import Cast
from portal.ideas.views.blueprint import OFTEN, ideas, the_idea, words
from portal.ideas.views.showing import idea_page


@ideas.post("/<int:number>/vote")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def vote(number: int) -> Response:
    idea = the_idea(number)
    try:
        cast = voting.vote(db(), idea, by=the_actor(), at=utcnow())
    except (NotOpen, NobodysVote) as refused:
        return _refuse(idea, refused)
    return _answer(idea, "" if _is_own(cast) else _voted_already(cast.vote), voted=True)


@ideas.post("/<int:number>/vote/removal", endpoint="take_back")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def take_back(number: int) -> Response:
    idea = the_idea(number)
    try:
        voting.take_back(db(), idea, by=the_actor())
    except NotOpen as refused:
        return _refuse(idea, refused)
    return _answer(idea, voted=False)


@ideas.post("/<int:number>/vote/reason", endpoint="explain")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def explain(number: int) -> Response:
    idea, form = the_idea(number), ReasonForm()
    if not form.validate():
        return idea_page(idea, status=422, blocks=("votes",), reason=form)
    if not voting.explain(db(), idea, form.reason.data, by=the_actor()):
        raise NotFound
    return _answer(idea, _("Thank you. We read every reason."), voted=True)


@ideas.get("/<int:number>/votes/new", endpoint="vote_for")
@requires(Permission.WORK_TICKETS)
def voting_for(number: int) -> Response:
    return _behalf_page(the_idea(number), _choosing(BehalfForm(formdata=None)))


@ideas.post("/<int:number>/votes", endpoint="cast_for")
@requires(Permission.WORK_TICKETS)
def cast_for(number: int) -> Response:
    idea, form = the_idea(number), _choosing(BehalfForm())
    if not form.validate():
        return _behalf_page(idea, form, 422)
    builder = next(one for one in queries.builders(db()) if one.id == form.builder.data)
    try:
        cast = voting.vote_for(
            db(),
            idea,
            builder,
            form.reason.data,
            form.ticket.data,
            by=the_actor(),
            at=utcnow(),
        )
    except NoSuchTicket:
        form.ticket.errors = [_("There is no such ticket of theirs.")]
        return _behalf_page(idea, form, 422)
    except NotOpen as refused:
        return _refuse(idea, refused)
    if cast.fresh:
        flash(_("%(builder)s’s vote is counted.", builder=builder.name))
    else:
        flash(_("%(builder)s has voted already.", builder=builder.name), "info")
    return see_other(idea_path(idea.number))


@ideas.post("/<int:number>/votes/<uuid:vote_id>/removal", endpoint="take_back_for")
@requires(Permission.WORK_TICKETS)
def take_back_for(number: int, vote_id: UUID) -> Response:
    """One that we cast in a builder's name; those of builders are theirs."""
    idea = the_idea(number)
    try:
        builder = voting.take_back_for(db(), idea, vote_id, by=the_actor(), at=utcnow())
    except NotOpen as refused:
        return _refuse(idea, refused)
    if builder is None:
        raise NotFound
    flash(_("%(builder)s’s vote is taken back.", builder=builder.name), "info")
    return see_other(idea_path(idea.number))


def _choosing(form: BehalfForm) -> BehalfForm:
    form.builder.choices = [SelectChoice(one.id, one.name) for one in queries.builders(db())]
    return form


def _behalf_page(idea: FeatureRequest, form: BehalfForm, status: int = 200) -> Response:
    return page("ideas/behalf.html", status=status, idea=idea, form=form, **words())


def _is_own(cast: Cast) -> bool:
    return cast.fresh or cast.vote.user_id == the_actor().user_id


def _voted_already(vote: FeatureRequestVote) -> str:
    """To the second of a company: who did, and when."""
    if vote.on_behalf_by_name:
        return _(
            "Your company’s vote was cast on %(when)s by %(who)s of our team.",
            who=vote.on_behalf_by_name,
            when=when(vote.created_at),
        )
    return _(
        "%(who)s has voted for your company already, on %(when)s.",
        who=vote.user_name or _("A colleague"),
        when=when(vote.created_at),
    )


def _answer(idea: FeatureRequest, said: str = "", *, voted: bool) -> Response:
    """The button of a list, the part of the idea's page, or the page once more."""
    if is_htmx() and request.form.get("from") == "list":
        return page("ideas/_vote.html", idea=idea, is_voted=voted, **words())
    if is_htmx():
        return idea_page(idea, blocks=("votes",), said=said)
    if said:
        flash(said, "info")
    return see_other(idea_path(idea.number))


def _refuse(idea: FeatureRequest, refused: Refusal) -> Response:
    if isinstance(refused, NobodysVote):
        said = _("Votes are builders’. You can vote in a builder’s name.")
    else:
        said = _("It is decided: nobody votes for it any more.")
    db().rollback()
    return idea_page(the_idea(idea.number), status=409, blocks=("votes",), said=said)
