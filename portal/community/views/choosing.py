"""What the community shows of a company, as those who run it choose."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.community.forms import SettingsForm
from portal.community.service import settings
from portal.community.service.settings import ChangedMeanwhile, Choice
from portal.community.views import company
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other


@company.get("")
@requires(Permission.MANAGE_COMMUNITY)
def index() -> Response:
    return _page(_form(_saved()))


@company.post("", endpoint="save")
@requires(Permission.MANAGE_COMMUNITY)
def save() -> Response:
    form = SettingsForm()
    if not form.validate():
        return _page(form, 422)
    try:
        settings.save(db(), form.choice(), by=the_actor(), at=utcnow())
    except ChangedMeanwhile:
        db().rollback()
        return _conflict(form)
    flash(_("Saved. It holds from now on."))
    return see_other(url_for("company_community.index"))


def _conflict(form: SettingsForm) -> Response:
    """What was ticked stays; saved once more, it holds."""
    form.version.raw_data = None
    form.version.data = str(_saved().version)
    form.shows_name.errors = [
        _("Somebody else has saved this meanwhile. Look at it, then save again.")
    ]
    return _page(form, 409)


def _saved() -> Choice:
    return settings.of(db(), the_actor().builder_id)


def _form(saved: Choice) -> SettingsForm:
    data = {"shows_name": saved.shows_name, "portal_reads": saved.portal_reads}
    return SettingsForm(formdata=None, data={**data, "version": str(saved.version)})


def _page(form: SettingsForm, status: int = 200) -> Response:
    return page("community/company.html", status=status, form=form)
