"""How the signed-in person wants to be told of what."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.runtime import current_runtime
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import is_portal
from portal.notifications import service

views = Blueprint("notification_preferences", __name__)


@views.get("/account/notifications")
@requires(Permission.USE_ACCOUNT)
def preferences() -> Response:
    actor = the_actor()
    if actor.user_id is None:
        raise Problem(403)
    choices = service.choices(db(), actor.user_id, actor.role)
    kept_here = current_runtime().settings.smtp is None and not is_portal()
    return page("notifications/preferences.html", choices=choices, kept_here=kept_here)


@views.post("/account/notifications", endpoint="save")
@requires(Permission.USE_ACCOUNT)
def save() -> Response:
    actor = the_actor()
    if actor.user_id is None:
        raise Problem(403)
    service.choose(
        db(),
        actor.user_id,
        actor.role,
        in_app=request.form.getlist("in_app"),
        mail=request.form.getlist("mail"),
    )
    flash(_("Saved."))
    return see_other(url_for("notification_preferences.preferences"))
