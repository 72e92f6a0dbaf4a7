"""Submitting an idea, after a look at those like it; and changing its words."""

from typing import Any
from uuid import uuid4

from flask import Response as Empty
from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from portal.core.audience import reader_of
from portal.core.permissions import Actor, Permission
from portal.foundation.clock import utcnow
from portal.foundation.markup import render
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import is_htmx, page, see_other
from portal.foundation.web.idempotency import once_a_press
from portal.foundation.web.limits import limiter
from portal.ideas.addresses import idea_path
from portal.ideas.forms import IdeaForm
from portal.ideas.models import FeatureRequest
from portal.ideas.queries import votes
from portal.ideas.service import finding, submitting
from portal.ideas.service.refusals import Conflict, TooLate
from portal.ideas.views.blueprint import OFTEN, WRITING, categories, ideas, the_idea, words
from portal.policy.modules import modules_with
from portal.policy.running import running_pack
from portal.writing.models import Draft
from portal.writing.service import drafts

PLACE = "idea"
FIELDS = ("title", "body", "use_case", "category")


@ideas.get("/new")
@requires(Permission.TAKE_PART)
def new() -> Response:
    draft = drafts.find(db(), PLACE, by=the_actor())
    begun: dict[str, Any] = {name: _kept(draft, name) for name in FIELDS}
    begun["title"] = request.args.get("title", "")[:300] or begun["title"]
    return _new_page(_form(IdeaForm(formdata=None, **begun)), draft=draft)


@ideas.post("")
@limiter.limit(WRITING)
@requires(Permission.TAKE_PART)
@once_a_press
def submit() -> Response:
    """Without a script the ideas like it are shown now, once; with one they were while typing."""
    form = _form(IdeaForm())
    if not form.validate():
        return _new_page(form, 422)
    if not form.seen.data and (alike := _similar(form.title.data)):
        return _new_page(form, 422, alike=alike)
    actor, now = the_actor(), utcnow()
    idea = submitting.submit(db(), form.words(), language=language(), by=actor, at=now)
    drafts.forget(db(), PLACE, by=actor)
    flash(_("Thank you. Your idea is number %(number)s.", number=idea.number))
    return see_other(idea_path(idea.number))


@ideas.get("/similar")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def similar() -> Response:
    """While a title is typed, or a list is looked through."""
    title = request.args.get("title", "")
    if not is_htmx():
        return see_other(url_for("ideas.new", title=title[:300]))
    alike = _similar(title)
    return page("ideas/_similar.html", alike=alike, voted=_voted(alike), **words())


@ideas.post("/preview")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def preview() -> str:
    """How the words will look; nothing is kept."""
    return str(render(request.form.get("body", "")))


@ideas.post("/new/draft", endpoint="draft_of_new")
@requires(Permission.TAKE_PART)
def draft() -> Response:
    """A category alone is nothing that one would miss."""
    written = {name: clean(request.form.get(name, "")) for name in FIELDS}
    if not any(written[name].strip() for name in ("title", "body", "use_case")):
        written = {}
    drafts.save(db(), PLACE, written, by=the_actor(), at=utcnow())
    return Empty(status=204)


@ideas.post("/new/draft/removal", endpoint="drop_draft_of_new")
@requires(Permission.TAKE_PART)
def drop() -> Response:
    drafts.forget(db(), PLACE, by=the_actor())
    flash(_("The draft is gone. Here is an empty form."), "info")
    return see_other(url_for("ideas.new"))


@ideas.get("/<int:number>/edition", endpoint="edition")
@requires(Permission.TAKE_PART)
def edition(number: int) -> Response:
    idea = _own(number)
    form = IdeaForm(
        formdata=None,
        title=idea.title,
        body=idea.description,
        use_case=idea.use_case,
        category=idea.category,
        is_internal=idea.is_internal,
        lock=str(idea.version),
    )
    return _edit_page(_form(form, idea), idea)


@ideas.post("/<int:number>/edition", endpoint="edit")
@requires(Permission.TAKE_PART)
def edit(number: int) -> Response:
    idea = _own(number)
    form = _form(IdeaForm(), idea)
    if not form.validate():
        return _edit_page(form, idea, 422)
    try:
        submitting.edit(db(), idea, form.words(), form.version(), by=the_actor(), at=utcnow())
    except Conflict:
        return _edit_page(form, idea, 409, theirs=idea)
    except TooLate:
        raise NotFound from None
    flash(_("Saved."))
    return see_other(idea_path(idea.number))


def _own(number: int) -> FeatureRequest:
    """For whoever may change it; to others there is no such page."""
    idea = the_idea(number)
    if not submitting.may_edit(idea, the_actor(), utcnow()):
        raise NotFound
    return idea


def _form(form: IdeaForm, idea: FeatureRequest | None = None) -> IdeaForm:
    known = modules_with(running_pack(), language(), idea.category) if idea else categories()
    form.category.choices = [
        SelectChoice("", _("Everything, or I don’t know")),
        *(SelectChoice(key, name) for key, name in known.items()),
    ]
    if not form.category.data:
        form.category.data = ""
    return form


def _kept(draft: Draft | None, name: str) -> str:
    return str(draft.fields.get(name, "")) if draft is not None else ""


def _similar(title: str) -> list[FeatureRequest]:
    actor: Actor = the_actor()
    reader = reader_of(actor, at_portal=False)
    return list(finding.similar(db(), actor, reader, title, language=language()))


def _voted(alike: list[FeatureRequest]) -> set[Any]:
    return votes.voted(db(), the_actor().builder_id, [idea.id for idea in alike])


def _new_page(
    form: IdeaForm,
    status: int = 200,
    *,
    alike: list[FeatureRequest] | None = None,
    draft: Draft | None = None,
) -> Response:
    """`alike` are shown first, with all that was typed still there."""
    shown = alike if alike is not None else _similar(form.title.data or "")
    return page(
        "ideas/new.html",
        status=status,
        form=form,
        alike=shown,
        stopped=bool(alike),
        voted=_voted(shown),
        draft=draft,
        press=request.form.get("press", "") or str(uuid4()),
        **words(),
    )


def _edit_page(
    form: IdeaForm, idea: FeatureRequest, status: int = 200, theirs: FeatureRequest | None = None
) -> Response:
    return page("ideas/edit.html", status=status, form=form, idea=idea, theirs=theirs, **words())
