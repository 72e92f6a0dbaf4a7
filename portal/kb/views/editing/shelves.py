"""The categories of the help centre."""

from collections.abc import Callable
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.kb.forms.editing import ShelfForm, shelf_of, with_choices
from portal.kb.models import Category
from portal.kb.queries import editing as queries
from portal.kb.service import categories
from portal.kb.service.categories import BadShelf, KeyTaken, NotEmpty, Shelf
from portal.kb.views.editing import options
from portal.kb.views.editing.blueprint import editing
from portal.kb.views.editing.listing import rail
from portal.kb.views.editing.wording import languages

Written = dict[str, dict[str, str]]


@editing.get("/categories", endpoint="shelves")
@requires(Permission.PUBLISH_ARTICLES)
def everything() -> Response:
    return _page(ShelfForm(formdata=None, position=0), _written(None), None, 200)


@editing.post("/categories", endpoint="add_shelf")
@requires(Permission.PUBLISH_ARTICLES)
def add() -> Response:
    form, written = _with_choices(ShelfForm()), _typed()
    parent = queries.category(db(), form.parent.data) if form.parent.data else None
    name = form.name.data or next((text for text in written["title"].values() if text), "")

    def added(shelf: Shelf) -> None:
        categories.add(db(), name, parent, shelf, by=the_actor(), at=utcnow())

    return _kept(form, written, None, added, _("Added."))


@editing.get("/categories/<uuid:key>", endpoint="shelf")
@requires(Permission.PUBLISH_ARTICLES)
def one(key: UUID) -> Response:
    found = _found(key)
    form = ShelfForm(
        formdata=None,
        name=found.key,
        parent=found.parent_id,
        module=found.module,
        position=found.position,
    )
    return _page(form, _written(found), found, 200)


@editing.post("/categories/<uuid:key>", endpoint="change_shelf")
@requires(Permission.PUBLISH_ARTICLES)
def change(key: UUID) -> Response:
    found = _found(key)

    def changed(shelf: Shelf) -> None:
        categories.change(db(), found, shelf, by=the_actor(), at=utcnow())

    return _kept(_with_choices(ShelfForm()), _typed(), found, changed, _("Saved."))


def _kept(
    form: ShelfForm,
    written: Written,
    found: Category | None,
    keep: Callable[[Shelf], None],
    words: str,
) -> Response:
    """Back to all of them, or the form as it was filled and what is wrong with it."""
    if not form.validate():
        return _page(form, written, found, 422)
    try:
        keep(shelf_of(form, written))
    except KeyTaken:
        form.name.errors = [_("Another category has this address. Choose another word.")]
        return _page(form, written, found, 422)
    except BadShelf as bad:
        field = form.name if found is None else form.position
        field.errors = [_reason(bad)]
        return _page(form, written, found, 422)
    flash(words)
    return see_other(url_for("articles.shelves"))


@editing.post("/categories/<uuid:key>/removal", endpoint="remove_shelf")
@requires(Permission.PUBLISH_ARTICLES)
def remove(key: UUID) -> Response:
    try:
        categories.remove(db(), _found(key), by=the_actor(), at=utcnow())
    except NotEmpty:
        detail = _("Articles or further categories stand in it. Move them first.")
        raise Problem(409, detail) from None
    flash(_("Removed."))
    return see_other(url_for("articles.shelves"))


def _typed() -> Written:
    return {
        name: {code: request.form.get(f"{name}_{code}", "")[:500] for code in LOCALES}
        for name in ("title", "description")
    }


def _written(category: Category | None) -> Written:
    titles = category.titles if category else {}
    descriptions = category.descriptions if category else {}
    return {
        "title": {code: titles.get(code, "") for code in LOCALES},
        "description": {code: descriptions.get(code, "") for code in LOCALES},
    }


def _reason(bad: BadShelf) -> str:
    words = {
        "no_title": _("Give it a title in one language at least."),
        "title_too_long": _("Keep its title under 120 characters."),
        "too_deep": _("Categories can be four deep."),
        "no_key": _("Its address needs letters or figures."),
    }
    return str(words[bad.reason])


def _with_choices(form: ShelfForm) -> ShelfForm:
    found: ShelfForm = with_choices(
        form,
        {"parent": options.shelves(), "module": options.modules(form.module.data or "")},
    )
    return found


def _page(form: ShelfForm, written: Written, shelf: Category | None, status: int) -> Response:
    return page(
        "kb/editing/shelves.html",
        status=status,
        form=_with_choices(form),
        written=written,
        shelf=shelf,
        tree=options.tree(),
        languages=languages(),
        views=rail(None),
    )


def _found(key: UUID) -> Category:
    found = queries.category(db(), key)
    if found is None:
        raise NotFound
    return found
