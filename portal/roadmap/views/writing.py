"""New items and their words."""

from typing import Any
from uuid import UUID

from flask import Response as Empty
from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from portal.core.permissions import Permission
from portal.core.quarters import is_quarter
from portal.foundation.clock import utcnow
from portal.foundation.markup import render
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.ideas.models import FeatureRequest
from portal.policy.modules import modules_with
from portal.policy.running import running_pack
from portal.roadmap.addresses import BOARD, inside_path
from portal.roadmap.forms import INTERNAL, PUBLIC, ItemForm, quarters
from portal.roadmap.models import RoadmapItem
from portal.roadmap.queries import ideas, items, releases
from portal.roadmap.service import writing
from portal.roadmap.service.refusals import Conflict, Removed
from portal.roadmap.views.blueprint import OFTEN, roadmap, the_item, words
from portal.writing.models import Draft
from portal.writing.service import drafts

PLACE = "roadmap"
WORDS = ("title_en", "description_en", "title_es", "description_es")
FIELDS = (*WORDS, "stage", "quarter", "module")
MOST_IDEAS = 50


@roadmap.get("/board/new", endpoint="new")
@requires(Permission.RUN_ROADMAP)
def new() -> Response:
    draft = drafts.find(db(), PLACE, by=the_actor())
    begun = {name: draft.fields[name] for name in FIELDS if draft and draft.fields.get(name)}
    form = _form(ItemForm(formdata=None, visibility=INTERNAL, **begun))
    return _page(form, draft=draft, linked=_numbered(request.args.getlist("idea")))


@roadmap.post("/board/items", endpoint="add")
@requires(Permission.RUN_ROADMAP)
def add() -> Response:
    form, linked = _form(ItemForm()), _numbered(request.form.getlist("idea"))
    if "search" in request.form:
        return _page(form, linked=linked)
    if not (form.validate() and form.has_words()):
        return _page(form, 422, linked=linked)
    actor, now = the_actor(), utcnow()
    item = writing.add(db(), form.plan(linked), by=actor, at=now)
    drafts.forget(db(), PLACE, by=actor)
    return _then(item, form, _("Kept on the board, for our own people."))


@roadmap.post("/board/new/draft", endpoint="draft_of_new")
@requires(Permission.RUN_ROADMAP)
def draft() -> Response:
    """A stage alone is nothing that one would miss."""
    written = {name: clean(request.form.get(name, "")) for name in FIELDS}
    if not any(written[name].strip() for name in WORDS):
        written = {}
    drafts.save(db(), PLACE, written, by=the_actor(), at=utcnow())
    return Empty(status=204)


@roadmap.post("/board/new/draft/removal", endpoint="drop_draft_of_new")
@requires(Permission.RUN_ROADMAP)
def drop() -> Response:
    drafts.forget(db(), PLACE, by=the_actor())
    flash(_("The draft is gone. Here is an empty form."), "info")
    return see_other(url_for("roadmap.new"))


@roadmap.get("/board/<uuid:key>/edition", endpoint="edition")
@requires(Permission.RUN_ROADMAP)
def edition(key: UUID) -> Response:
    item = the_item(key)
    card = items.carded(db(), [item], inside=True)[0]
    said: dict[str, Any] = {}
    for code, text in card.texts.items():
        said |= {f"title_{code}": text.title, f"description_{code}": text.description}
    form = ItemForm(
        formdata=None,
        stage=item.stage,
        quarter=item.quarter,
        module=item.module,
        release=item.release_id,
        visibility=INTERNAL if item.is_internal else PUBLIC,
        lock=str(item.edition),
        **said,
    )
    return _page(_form(form, item), item=item, linked=card.ideas)


@roadmap.post("/board/<uuid:key>/edition", endpoint="edit")
@requires(Permission.RUN_ROADMAP)
def edit(key: UUID) -> Response:
    item, linked = the_item(key), _numbered(request.form.getlist("idea"))
    form = _form(ItemForm(), item)
    if "search" in request.form:
        return _page(form, item=item, linked=linked)
    if not (form.validate() and form.has_words()):
        return _page(form, 422, item=item, linked=linked)
    actor, now = the_actor(), utcnow()
    goes_inside = form.visibility.data == INTERNAL and not item.is_internal
    try:
        if goes_inside:  # before the new words: nobody outside may read them
            _withdraw(item, form)
        seen = item.edition if goes_inside else form.edition()
        writing.edit(db(), item, form.plan(linked), seen, by=actor, at=now)
    except (Conflict, Removed):
        db().rollback()
        return _page(form, 409, item=the_item(key), linked=linked, theirs=True)
    return _then(item, form, _("Saved."))


def _withdraw(item: RoadmapItem, form: ItemForm) -> None:
    """Raises Conflict."""
    if item.edition != form.edition():
        raise Conflict
    writing.withdraw(db(), item, by=the_actor(), at=utcnow())


@roadmap.post("/board/preview", endpoint="preview")
@limiter.limit(OFTEN)
@requires(Permission.RUN_ROADMAP)
def preview() -> str:
    """How the words will look; nothing is kept."""
    sent = request.form
    return str(render(sent.get("description_en") or sent.get("description_es", "")))


@roadmap.get("/board/ideas", endpoint="ideas")
@limiter.limit(OFTEN)
@requires(Permission.RUN_ROADMAP)
def choices() -> Response:
    """While somebody looks for ideas to link."""
    asked = request.args.get("q", "")
    return page("roadmap/_ideas.html", found=_found(asked), asked=asked, linked=[], **words())


def _then(item: RoadmapItem, form: ItemForm, said: str) -> Response:
    """What shall be public is looked at once more."""
    if form.visibility.data == PUBLIC and item.is_internal:
        return see_other(url_for("roadmap.publication", key=item.id))
    flash(said)
    return see_other(inside_path(item.id))


def _form(form: ItemForm, item: RoadmapItem | None = None) -> ItemForm:
    spoken = language()
    chosen = form.quarter.data if is_quarter(form.quarter.data or "") else ""
    form.quarter.choices = quarters(utcnow(), item.quarter if item else "", chosen)
    known = modules_with(running_pack(), spoken, *([item.module] if item else []))
    form.module.choices = [
        SelectChoice("", _("No part in particular")),
        *(SelectChoice(key, name) for key, name in known.items()),
    ]
    form.release.choices = [
        SelectChoice("", _("Nothing yet")),
        *(
            SelectChoice(key, " ".join(filter(None, (version, title))))
            for key, version, title in releases.choices(db())
        ),
    ]
    for field in (form.quarter, form.module):
        field.data = field.data or ""
    return form


def _numbered(numbers: list[str]) -> list[FeatureRequest]:
    asked = {int(one) for one in numbers[:MOST_IDEAS] if one.isdecimal() and len(one) < 10}
    return list(ideas.by_numbers(db(), asked)) if asked else []


def _found(asked: str) -> list[FeatureRequest]:
    return list(ideas.found(db(), asked[:200])) if asked.strip() else []


def _page(
    form: ItemForm,
    status: int = 200,
    *,
    item: RoadmapItem | None = None,
    linked: Any = (),
    draft: Draft | None = None,
    theirs: bool = False,
) -> Response:
    """`theirs`: somebody else has saved meanwhile, and what they saved is shown first."""
    asked = request.form.get("q", "")
    known = {idea.id for idea in linked}
    card = items.carded(db(), [item], inside=True)[0] if item and theirs else None
    return page(
        "roadmap/edit.html",
        status=status,
        form=form,
        item=item,
        theirs=card,
        linked=linked,
        found=[idea for idea in _found(asked) if idea.id not in known],
        asked=asked,
        draft=draft,
        board=BOARD,
        **words(),
    )
