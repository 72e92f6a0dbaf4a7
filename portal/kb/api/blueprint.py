"""The blueprint of the article endpoints, and who reads there."""

from portal.core.audience import Reader, reader_of
from portal.foundation.web.access import the_actor
from portal.foundation.web.api import edge

api = edge.blueprint("kb_api", __name__, tag="Help", url_prefix="/api/v1/support")


def the_reader() -> Reader:
    """Clients and vendors are their builder's, wherever they ask."""
    actor = the_actor()
    return reader_of(actor, at_portal=actor.is_portal_user)
