"""Who gets in: at a portal whoever its builder lets read; politely, not who is restricted."""

from flask import Flask, g
from werkzeug.wrappers import Response

from portal.community.queries.people import portal_may_read
from portal.community.service.restrictions import Restricted
from portal.foundation.speech import gettext as _
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem, answer, wants_json
from portal.foundation.web.formatting import when
from portal.foundation.web.fragments import page
from portal.foundation.web.site import the_site


def init_app(app: Flask) -> None:
    app.register_error_handler(Restricted, _said_politely)


def require_open() -> None:
    """Raises NotFound at the portal of a builder that keeps the community from it."""
    builder_id = the_site().builder_id
    if builder_id is not None and not portal_may_read(db(), builder_id):
        raise NotFound


def _said_politely(refused: Restricted) -> Response:
    if wants_json():
        detail = _("You can read, but not write here until %(when)s.", when=when(refused.until))
        return answer(Problem(403, detail, restricted_until=refused.until.isoformat()))
    if "db" in g:
        db().rollback()
    return page("community/restricted.html", status=403, refused=refused)
