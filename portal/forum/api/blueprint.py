"""The blueprint of the forum's endpoints, and what stands there."""

from uuid import UUID

from flask.blueprints import BlueprintSetupState

from portal.forum.models import Post, State
from portal.forum.queries import thread as queries
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.api import edge
from portal.foundation.web.api.description import AMENDMENTS
from portal.foundation.web.api.refusals import wrong
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.policy.describing import modules_as_choices
from portal.policy.modules import modules
from portal.policy.running import running_pack

api = edge.blueprint("forum_api", __name__, tag="Forum", url_prefix="/api/v1/support/forum")


@api.record
def _describe(state: BlueprintSetupState) -> None:
    state.app.extensions[AMENDMENTS].append(modules_as_choices("NewPost"))


def post_of(post_id: UUID) -> Post:
    """One that can be read. Raises NotFound."""
    found = queries.post_by_id(db(), post_id)
    if found is None or found.state != State.PUBLISHED:
        raise NotFound
    return found


def known_category(category: str) -> str:
    known = modules(running_pack(), language())
    if category not in known:
        raise wrong("category", _("This must be one of: %(known)s.", known=", ".join(known)))
    return category


def too_many() -> Problem:
    return Problem(429, _("This is more than a day takes at your level. Send it tomorrow."))
