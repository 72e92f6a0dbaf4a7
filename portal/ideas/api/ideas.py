"""List and submit ideas."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import once
from portal.ideas.addresses import idea_path
from portal.ideas.api import rendering
from portal.ideas.api.blueprint import api
from portal.ideas.api.shapes import (
    FeatureRequest,
    FeatureRequestPage,
    FeatureRequestsQuery,
    NewFeatureRequest,
)
from portal.ideas.queries import listing
from portal.ideas.queries.listing import Wanted
from portal.ideas.service import submitting
from portal.ideas.service.submitting import Words
from portal.notifications.addresses import absolute
from portal.policy.modules import modules
from portal.policy.running import running_pack


@api.get(
    "/feature-requests",
    operation_id="listFeatureRequests",
    responses=answers(200, FeatureRequestPage),
    description="What builders wish for. Those that were merged into another one are left out.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def list_ideas(query: FeatureRequestsQuery) -> Response:
    """List feature requests"""
    company = the_actor().builder_id
    if query.voted and company is None:
        return answer(FeatureRequestPage(items=[], next_cursor=None))
    wanted = Wanted(
        order=query.sort,
        statuses=(query.status,) if query.status else (),
        category=query.category or "",
        voted_by=company if query.voted else None,
    )
    page = listing.listed(db(), the_actor(), wanted, query.place(), query.limit)
    cursor = str(page.next_cursor) if page.next_cursor else None
    return answer(FeatureRequestPage(items=rendering.ideas(page.items), next_cursor=cursor))


@api.post(
    "/feature-requests",
    operation_id="submitFeatureRequest",
    responses=answers(201, FeatureRequest, 409),
    description="Look for one like it first: a vote counts for more than the same idea twice.",
)
@requires(Permission.TAKE_PART, scope=Scope.WRITE_COMMUNITY)
@once
def submit_idea(header: OnceHeader, body: NewFeatureRequest) -> Response:
    """Submit a feature request"""
    if body.category and body.category not in modules(running_pack(), language()):
        detail = _("There is no such part of the product.")
        raise Problem(422, errors=[{"pointer": "/category", "field": "category", "detail": detail}])
    words = Words(body.title, body.description, body.use_case, body.category)
    idea = submitting.submit(db(), words, language=language(), by=the_actor(), at=utcnow())
    return answer(rendering.ideas([idea])[0], 201, absolute(idea_path(idea.number)))
