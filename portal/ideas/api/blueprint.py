"""The blueprint of the endpoints, and the idea that an address names."""

from uuid import UUID

from flask.blueprints import BlueprintSetupState

from portal.foundation.web.access import the_actor
from portal.foundation.web.api import edge
from portal.foundation.web.api.description import AMENDMENTS
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import reach
from portal.policy.describing import modules_as_choices

api = edge.blueprint("ideas_api", __name__, tag="Ideas", url_prefix="/api/v1/support")


@api.record
def _describe(state: BlueprintSetupState) -> None:
    state.app.extensions[AMENDMENTS].append(modules_as_choices("NewFeatureRequest", ""))


def the_idea(key: UUID) -> FeatureRequest:
    """As it stands at the end of what it was merged into. Raises NotFound."""
    idea = reach.by_id(db(), the_actor(), key)
    if idea is not None and idea.merged_into_id is not None:
        idea = reach.by_id(db(), the_actor(), idea.merged_into_id)
    if idea is None:
        raise NotFound
    return idea
