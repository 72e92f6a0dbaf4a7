"""Replies that the team keeps at hand."""

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.tickets.forms.office import CannedForm
from portal.tickets.models import CannedReply
from portal.tickets.queries import office as queries
from portal.tickets.service import canned
from portal.tickets.service.canned import TitleTaken, TooMany
from portal.tickets.views import office


@office.get("/canned", endpoint="canned")
@requires(Permission.WORK_DESK)
def everything() -> Response:
    return _page(CannedForm(formdata=None), 200)


@office.post("/canned", endpoint="add_canned")
@requires(Permission.WORK_DESK)
def add() -> Response:
    form = CannedForm()
    if not form.validate():
        return _page(form, 422)
    try:
        canned.add(db(), *_said(form), by=the_actor(), at=utcnow())
    except TitleTaken:
        form.title.errors = [_("You have a reply of that title. Choose another title.")]
        return _page(form, 422)
    except TooMany:
        form.title.errors = [
            _("You have %(most)s replies already. Remove some first.", most=canned.MOST)
        ]
        return _page(form, 422)
    flash(_("Kept."))
    return see_other(url_for("office.canned"))


@office.get("/canned/<uuid:key>", endpoint="canned_reply")
@requires(Permission.WORK_DESK)
def one(key: UUID) -> Response:
    found = _found(key)
    return _edit_page(found, CannedForm(formdata=None, title=found.title, body=found.body), 200)


@office.post("/canned/<uuid:key>", endpoint="change_canned")
@requires(Permission.WORK_DESK)
def change(key: UUID) -> Response:
    found, form = _found(key), CannedForm()
    if not form.validate():
        return _edit_page(found, form, 422)
    try:
        canned.change(db(), found, *_said(form), by=the_actor(), at=utcnow())
    except TitleTaken:
        form.title.errors = [_("You have a reply of that title. Choose another title.")]
        return _edit_page(found, form, 422)
    flash(_("Saved."))
    return see_other(url_for("office.canned"))


@office.post("/canned/<uuid:key>/removal", endpoint="remove_canned")
@requires(Permission.WORK_DESK)
def remove(key: UUID) -> Response:
    canned.remove(db(), _found(key), by=the_actor())
    flash(_("Removed."))
    return see_other(url_for("office.canned"))


def _said(form: CannedForm) -> tuple[str, str]:
    return " ".join(form.title.data.split()), form.body.data.strip()


def _found(key: UUID) -> CannedReply:
    found = queries.canned_reply(db(), key)
    if found is None:
        raise NotFound
    return found


def _page(form: CannedForm, status: int) -> Response:
    replies = queries.canned_replies(db())
    return page("tickets/office/canned.html", status=status, replies=replies, form=form)


def _edit_page(found: CannedReply, form: CannedForm, status: int) -> Response:
    return page("tickets/office/canned_reply.html", status=status, reply=found, form=form)
