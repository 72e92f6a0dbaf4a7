"""Pages of a builder's look, hosts and letters, and what portals load because of them."""

from uuid import UUID

from portal.foundation.web.access import the_actor
from portal.foundation.web.errors import NotFound


def own_company() -> UUID:
    """Whose look the signed-in person edits: their builder's."""
    builder_id = the_actor().builder_id
    if builder_id is None:
        raise NotFound
    return builder_id
