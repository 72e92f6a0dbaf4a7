"""What somebody looks after, at a glance."""

from werkzeug.wrappers import Response

from portal.accounts.views import views
from portal.core.permissions import Permission
from portal.foundation.web.access import requires
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page
from portal.foundation.web.site import is_portal


@views.get("/administration")
@requires(Permission.SEE_AUDIT)
def administration() -> Response:
    """Its parts are those of the navigation."""
    if is_portal():
        raise NotFound
    return page("accounts/administration.html")
