"""Vote for an idea, and take the vote back."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import once
from portal.ideas.api import rendering
from portal.ideas.api.blueprint import api, the_idea
from portal.ideas.api.shapes import FeatureRequestPath, NewVote, Vote
from portal.ideas.service import voting
from portal.ideas.service.refusals import NobodysVote, NotOpen


@api.post(
    "/feature-requests/<id>/vote",
    operation_id="voteForFeatureRequest",
    responses=answers(200, Vote, 409),
    description="For your company. If it has voted already, nothing changes, and the answer says "
    "who did and when.",
)
@requires(Permission.TAKE_PART, scope=Scope.WRITE_COMMUNITY)
@once
def vote(header: OnceHeader, path: FeatureRequestPath, body: NewVote) -> Response:
    """Vote for a feature request"""
    idea = the_idea(path.id)
    try:
        cast = voting.vote(db(), idea, body.reason, by=the_actor(), at=utcnow())
    except NotOpen:
        raise _decided() from None
    except NobodysVote:
        raise Problem(409, _("Votes are builders’, and you belong to none.")) from None
    return answer(rendering.vote(idea, cast.vote))


@api.delete(
    "/feature-requests/<id>/vote",
    operation_id="takeVoteBack",
    responses=answers(200, Vote, 409),
    description="Your company’s, whoever of it voted. Without one nothing changes.",
)
@requires(Permission.TAKE_PART, scope=Scope.WRITE_COMMUNITY)
def take_back(path: FeatureRequestPath) -> Response:
    """Take a vote back"""
    idea = the_idea(path.id)
    try:
        voting.take_back(db(), idea, by=the_actor())
    except NotOpen:
        raise _decided() from None
    return answer(rendering.vote(idea, None))


def _decided() -> Problem:
    return Problem(409, _("It is decided: nobody votes for it any more."))
