"""Keys of the widget: by them a builder's server says who its user is."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import OverlapForm
from portal.accounts.models import WidgetKey
from portal.accounts.service import widget_keys
from portal.accounts.service.widget_keys import NewKey
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other

keys = Blueprint("widget_keys", __name__, url_prefix="/company/keys")


@keys.get("")
@requires(Permission.MANAGE_KEYS)
def index() -> Response:
    return _page(OverlapForm(formdata=None), 200)


@keys.post("")
@requires(Permission.MANAGE_KEYS)
def create() -> Response:
    """Answers with the secret itself: no other page ever shows it."""
    return _shown(widget_keys.create(db(), by=the_actor(), at=utcnow()))


@keys.post("/rotation")
@requires(Permission.MANAGE_KEYS)
def rotate() -> Response:
    form = OverlapForm()
    if not form.validate():
        return _page(form, 422)
    overlap = timedelta(seconds=int(form.overlap.data))
    return _shown(widget_keys.rotate(db(), overlap, by=the_actor(), at=utcnow()))


@keys.get("/<uuid:key>/revocation")
@requires(Permission.MANAGE_KEYS)
def revocation(key: UUID) -> Response:
    """Asks once more."""
    return page("accounts/key_revocation.html", key=_key(key))


@keys.post("/<uuid:key>/revocation")
@requires(Permission.MANAGE_KEYS)
def revoke(key: UUID) -> Response:
    found = _key(key)
    widget_keys.revoke(db(), found, by=the_actor(), at=utcnow())
    flash(_("The key %(kid)s counts no more.", kid=found.kid))
    return see_other(url_for("widget_keys.index"))


def _key(key: UUID) -> WidgetKey:
    found = widget_keys.key_of(db(), the_actor().builder_id, key)
    if found is None:
        raise NotFound
    return found


def _page(form: OverlapForm, status: int) -> Response:
    found = widget_keys.keys_of(db(), the_actor().builder_id)
    return page("accounts/keys.html", form=form, keys=found, status=status)


def _shown(made: NewKey) -> Response:
    return page("accounts/new_key.html", plain=made.plain, key=made.key)
