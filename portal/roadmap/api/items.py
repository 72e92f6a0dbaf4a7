"""What is planned, in progress and shipped."""

from typing import Final

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api import edge
from portal.foundation.web.api.shapes import answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.roadmap import facts
from portal.roadmap.api.shapes import Roadmap, RoadmapItem, RoadmapQuery
from portal.roadmap.queries import items, reach

api: Final = edge.blueprint("roadmap_api", __name__, tag="Roadmap", url_prefix="/api/v1/support")


@api.get(
    "/roadmap",
    operation_id="getRoadmap",
    responses=answers(200, Roadmap),
    description="What is public of it, in your language where it has one.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def roadmap(query: RoadmapQuery) -> Response:
    """Get the roadmap"""
    if query.internal and not reach.sees_plans(the_actor()):
        raise Problem(403)
    cards = items.listed(
        db(),
        inside=query.internal,
        module=query.module or "",
        stage=query.stage or "",
        quarter=query.quarter or "",
    )
    found = [
        RoadmapItem(**facts.of_card(card, language()), is_internal=card.item.is_internal)
        for card in cards
    ]
    return answer(Roadmap(items=found))
