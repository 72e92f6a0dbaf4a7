"""The blueprint of the endpoints."""

from portal.foundation.web.api import edge

api = edge.blueprint("releases_api", __name__, tag="What’s new", url_prefix="/api/v1/support")
