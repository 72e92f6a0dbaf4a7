"""That somebody has looked at what is new, within a panel."""

from flask import Response

from portal.core.permissions import Permission
from portal.foundation.web.access import requires
from portal.releases.views.badge import mark_seen
from widget.views import views


@views.post("/news/reading", endpoint="read_news")
@requires(Permission.READ_HELP)
def read() -> Response:
    mark_seen()
    return Response(status=204)
