"""First steps in a module."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import LANGUAGES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.guidance.forms import MOST_STEPS, SAVE, TourEdit, acted
from portal.guidance.models import Orientation
from portal.guidance.queries import orientations as queries
from portal.guidance.queries import terms
from portal.guidance.service import orientations
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.views import differences, guidance, module_choices, modules_to_choose


@guidance.get("/orientations", endpoint="orientations")
@requires(Permission.MANAGE_GUIDANCE)
def index() -> Response:
    return page(
        "guidance/orientations.html",
        tours=queries.orientations(db()),
        modules=dict(module_choices("")),
        tongues=LANGUAGES,
    )


@guidance.get("/orientations/new", endpoint="new_orientation")
@requires(Permission.MANAGE_GUIDANCE)
def new() -> Response:
    return _page(None, TourEdit(steps=[{"target": "", "texts": {}}]))


@guidance.post("/orientations", endpoint="add_orientation")
@requires(Permission.MANAGE_GUIDANCE)
def add() -> Response:
    return _worked_on(None, TourEdit.typed(request.form))


@guidance.post("/orientations/preview", endpoint="preview_orientation")
@requires(Permission.MANAGE_GUIDANCE)
def preview() -> Response:
    """How it will look, while it is typed; nothing is kept."""
    edit = TourEdit.typed(request.form)
    return page("guidance/orientation.html", blocks=("preview",), **_values(None, edit, None))


@guidance.get("/orientations/<uuid:orientation_id>", endpoint="orientation")
@requires(Permission.MANAGE_GUIDANCE)
def one(orientation_id: UUID) -> Response:
    tour = _found(orientation_id)
    return _page(tour, TourEdit.of(tour))


@guidance.post("/orientations/<uuid:orientation_id>", endpoint="save_orientation")
@requires(Permission.MANAGE_GUIDANCE)
def save(orientation_id: UUID) -> Response:
    return _worked_on(_found(orientation_id), TourEdit.typed(request.form))


def _worked_on(tour: Orientation | None, edit: TourEdit) -> Response:
    verb, what = acted(request.form)
    if verb != SAVE:
        edit.act(verb, what)
        return _page(tour, edit)
    words = edit.words()
    if words is None:
        return _page(tour, edit, 422)
    try:
        if tour is None:
            orientations.add(db(), words, by=the_actor(), at=utcnow())
        else:
            orientations.save(db(), tour, words, seen=edit.seen, by=the_actor(), at=utcnow())
    except KeyTaken:
        edit.errors["module"] = _("This module has first steps already.")
        return _page(tour, edit, 422)
    except ChangedMeanwhile:
        return _changed(tour, edit)
    flash(_("Saved."))
    return see_other(url_for("guidance.orientations"))


def _changed(tour: Orientation | None, edit: TourEdit) -> Response:
    """What was typed stays on the page; sent once more it replaces what somebody else saved."""
    if tour is None or (now := queries.orientation(db(), tour.id)) is None:
        raise NotFound
    saved = TourEdit.of(now)
    edit.seen = saved.seen
    return _page(now, edit, 409, saved)


def _page(
    tour: Orientation | None, edit: TourEdit, status: int = 200, saved: TourEdit | None = None
) -> Response:
    values = _values(tour, edit, saved)
    return page("guidance/orientation.html", blocks=("editor",), status=status, **values)


def _values(tour: Orientation | None, edit: TourEdit, saved: TourEdit | None) -> dict[str, Any]:
    return {
        "tour": tour,
        "edit": edit,
        "saved": saved,
        "differing": differences(saved, edit) if saved else [],
        "tongues": LANGUAGES,
        "modules": modules_to_choose(edit.module),
        "keys": [one.key for one in terms.terms(db()) if one.module in ("", edit.module)],
        "most": MOST_STEPS,
    }


@guidance.post("/orientations/<uuid:orientation_id>/edition", endpoint="show_again")
@requires(Permission.MANAGE_GUIDANCE)
def show_again(orientation_id: UUID) -> Response:
    orientations.show_again(db(), _found(orientation_id), by=the_actor(), at=utcnow())
    flash(_("Everybody will see it once more."))
    return see_other(url_for("guidance.orientations"))


@guidance.get("/orientations/<uuid:orientation_id>/removal", endpoint="orientation_removal")
@requires(Permission.MANAGE_GUIDANCE)
def removal(orientation_id: UUID) -> Response:
    tour = _found(orientation_id)
    return page(
        "guidance/removal.html",
        name=dict(module_choices(tour.module))[tour.module],
        what=_("Nobody sees these first steps from then on."),
        action=url_for("guidance.remove_orientation", orientation_id=orientation_id),
        back=url_for("guidance.orientation", orientation_id=orientation_id),
        tab="orientations",
    )


@guidance.post("/orientations/<uuid:orientation_id>/removal", endpoint="remove_orientation")
@requires(Permission.MANAGE_GUIDANCE)
def remove(orientation_id: UUID) -> Response:
    orientations.remove(db(), _found(orientation_id), by=the_actor(), at=utcnow())
    flash(_("Removed."))
    return see_other(url_for("guidance.orientations"))


def _found(orientation_id: UUID) -> Orientation:
    found = queries.orientation(db(), orientation_id)
    if found is None:
        raise NotFound
    return found
