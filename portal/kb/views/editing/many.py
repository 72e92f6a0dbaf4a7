"""The same for many articles: looked at, done, undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.audience import Audience
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.speech import ngettext
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import day
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import AUDIENCES, DeedForm, morning
from portal.kb.service import bulk
from portal.kb.service.bulk import CannotUndo, Deed
from portal.kb.views.editing import options
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.listing import deed_choices, rail
from portal.kb.views.editing.wording import DEEDS, WHY_NOT

TAKEN_OVER = ("deed", "category", "module", "audience", "roles", "version", "review", "label")


@editing.post("/many", endpoint="look_at_many")
@requires(Permission.PUBLISH_ARTICLES)
def look() -> Response:
    """What would be done; nothing is."""
    form, ids = deed_choices(DeedForm()), bulk.chosen(request.form.getlist("chosen"))
    if not form.validate():
        raise Problem(422, _("Say what should be done."))
    deed = Deed(form.deed.data)
    if not ids:
        raise Problem(422, _("Tick the articles first."))
    value = _value(form, deed)
    if deed is Deed.LABEL and not value:
        raise Problem(422, _("Say which label."))
    steps = bulk.look(db(), ids, deed, value, by=the_actor())
    return page(
        "kb/editing/many.html",
        deed=deed,
        words=DEEDS[deed],
        value=_worded(deed, value),
        steps=steps,
        able=[step for step in steps if not step.why],
        why_not=WHY_NOT,
        written=[(name, text) for name in TAKEN_OVER for text in request.form.getlist(name)],
        views=rail(None),
    )


@editing.post("/many/changes", endpoint="change_many")
@requires(Permission.PUBLISH_ARTICLES)
def change() -> Response:
    form, ids = deed_choices(DeedForm()), bulk.chosen(request.form.getlist("chosen"))
    if not form.validate() or not ids:
        raise Problem(422, _("Tick the articles first."))
    deed = Deed(form.deed.data)
    done = bulk.apply(db(), ids, deed, _value(form, deed), by=the_actor(), at=utcnow())
    facts: dict[str, Any] = {
        "done": done.entry.id,
        "deed": deed,
        "count": done.count,
        "left": done.left,
    }
    return see_other(url_for("articles.list", **facts))


@editing.post("/many/<uuid:entry>/undoing", endpoint="undo_many")
@requires(Permission.PUBLISH_ARTICLES)
def undo(entry: UUID) -> Response:
    try:
        count = bulk.undo(db(), entry, by=the_actor(), at=utcnow())
    except CannotUndo:
        raise Problem(409, _("This can’t be undone any more.")) from None
    words = ngettext(
        "Undone: one article is as it was.",
        "Undone: %(num)s articles are as they were.",
        count,
    )
    flash(words)
    return see_other(url_for("articles.list"))


def _value(form: DeedForm, deed: Deed) -> Any:
    values = {
        Deed.CATEGORY: form.category.data,
        Deed.MODULE: form.module.data or "",
        Deed.AUDIENCE: Audience(form.audience.data) if deed is Deed.AUDIENCE else None,
        Deed.ROLES: tuple(form.roles.data or ()),
        Deed.VERSION: form.version.data or "",
        Deed.REVIEW: morning(form.review.data, the_actor().zone),
        Deed.LABEL: form.label.data or "",
    }
    return values.get(deed)


def _worded(deed: Deed, value: Any) -> str:
    if deed is Deed.CATEGORY:
        return options.shelf_names().get(value, str(_("None")))
    if deed is Deed.MODULE:
        return options.module_names().get(value, value or str(_("None")))
    if deed is Deed.AUDIENCE:
        return str(AUDIENCES[value])
    if isinstance(value, datetime):
        return day(value)
    if isinstance(value, tuple):
        return ", ".join(value) or str(_("None"))
    return str(value or "")
