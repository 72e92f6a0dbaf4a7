"""The blueprint of what belongs to a screen."""

from portal.foundation.web.api import edge

api = edge.blueprint("guidance_api", __name__, tag="Help", url_prefix="/api/v1/support")
