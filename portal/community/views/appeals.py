"""What somebody who is restricted is told, and how they are heard once more."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.community.forms import AppealForm
from portal.community.models import Restriction
from portal.community.queries import restrictions as queries
from portal.community.service import restrictions
from portal.community.service.restrictions import AppealedAlready, NotInForce
from portal.community.views import community
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@community.get("/restriction")
@requires(Permission.TAKE_PART)
def own_restriction() -> Response:
    return _page(AppealForm(formdata=None))


@community.post("/restrictions/<uuid:restriction_id>/appeal")
@requires(Permission.TAKE_PART)
def appeal(restriction_id: UUID) -> Response:
    found, form = _own(restriction_id), AppealForm()
    if not form.validate():
        return _page(form, 422)
    try:
        restrictions.appeal(db(), found, form.text.data, by=the_actor(), at=utcnow())
    except AppealedAlready:
        return _refused(form, _("You have written to us about this already, and can do so once."))
    except NotInForce:
        return _refused(form, _("This is over, or not for you to object to."))
    flash(_("Sent. Our team looks at it once more and answers you here."))
    return see_other(url_for("community.own_restriction"))


def _refused(form: AppealForm, why: str) -> Response:
    """With what they wrote, for there is no form any more to hold it."""
    form.text.errors = [why]
    return _page(form, 409, form.text.data)


def _own(key: UUID) -> Restriction:
    found = queries.own_one(db(), the_actor(), key)
    if found is None:
        raise NotFound
    return found


def _page(form: AppealForm, status: int = 200, left_over: str = "") -> Response:
    actor, now = the_actor(), utcnow()
    rows = queries.own(db(), actor)
    return page(
        "community/own_restriction.html",
        status=status,
        form=form,
        left_over=left_over,
        holding=[row for row in rows if row.holds(now)],
        past=[row for row in rows if not row.holds(now)],
        may_appeal=lambda row: restrictions.may_appeal(row, actor, now),
    )
