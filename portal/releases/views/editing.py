"""Writing a note: both languages side by side, with the ideas that ship with it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Response as Empty
from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.service import LOCALES
from portal.core.audience import reader_of
from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.markup import render
from portal.foundation.speech import gettext as _
from portal.foundation.speech import language
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.limits import limiter
from portal.ideas.models import FeatureRequest
from portal.ideas.service import finding
from portal.ideas.wording import STATUSES
from portal.releases.forms import FIELDS, NoteForm, as_draft, fields_of, of_draft
from portal.releases.models import Release, ReleaseText
from portal.releases.queries import ideas as ideas_of
from portal.releases.queries import reading
from portal.releases.service import drafting
from portal.releases.service.drafting import Written
from portal.releases.service.refusals import ChangedMeanwhile
from portal.releases.views.blueprint import (
    OFTEN,
    WRITING,
    module_names,
    releases,
    the_note,
    words,
)
from portal.releases.views.reading import note_page
from portal.writing.models import Draft
from portal.writing.service import drafts

NEW: Final = "release:new"
FURTHER: Final = "publication"  # where a writer goes on to


@releases.get("/notes/new")
@requires(Permission.WRITE_NEWS)
def new() -> Response:
    draft = drafts.find(db(), NEW, by=the_actor())
    form = _form(NoteForm(formdata=None, **of_draft(draft.fields if draft else {})))
    return _page(form, draft=draft)


@releases.post("/notes", endpoint="begin")
@limiter.limit(WRITING)
@requires(Permission.WRITE_NEWS)
def begin() -> Response:
    form = _form(NoteForm())
    if not form.validate():
        return _page(form, status=422)
    note = drafting.begin(db(), _written(form), by=the_actor(), at=utcnow())
    drafts.forget(db(), NEW, by=the_actor())
    return _go_on(note)


@releases.get("/notes/<uuid:key>", endpoint="edition")
@requires(Permission.WRITE_NEWS)
def edition(key: UUID) -> Response:
    """With what was typed and not saved, if anything was."""
    note = the_note(key)
    draft = drafts.find(db(), _place(note), by=the_actor())
    kept = of_draft(draft.fields) if draft else _fields(note)
    return _page(_form(NoteForm(formdata=None, **kept), note), note, draft=draft)


@releases.post("/notes/<uuid:key>", endpoint="edit")
@limiter.limit(WRITING)
@requires(Permission.WRITE_NEWS)
def edit(key: UUID) -> Response:
    note = the_note(key)
    form = _form(NoteForm(), note)
    if not form.validate():
        return _page(form, note, status=422)
    try:
        drafting.edit(db(), note, _written(form), form.seen(), by=the_actor(), at=utcnow())
    except ChangedMeanwhile:
        return _changed(form, note)
    drafts.forget(db(), _place(note), by=the_actor())
    return _go_on(note)


@releases.post("/notes/new/draft", endpoint="draft_of_new")
@requires(Permission.WRITE_NEWS)
def draft_of_new() -> Response:
    return _keep(NEW)


@releases.post("/notes/<uuid:key>/draft", endpoint="draft")
@requires(Permission.WRITE_NEWS)
def draft_of(key: UUID) -> Response:
    return _keep(_place(the_note(key)))


@releases.post("/notes/new/draft/removal", endpoint="drop_draft_of_new")
@requires(Permission.WRITE_NEWS)
def drop_new() -> Response:
    drafts.forget(db(), NEW, by=the_actor())
    flash(_("The draft is gone. Here is an empty form."), "info")
    return see_other(url_for("releases.new"))


@releases.post("/notes/<uuid:key>/draft/removal", endpoint="drop_draft")
@requires(Permission.WRITE_NEWS)
def drop(key: UUID) -> Response:
    note = the_note(key)
    drafts.forget(db(), _place(note), by=the_actor())
    flash(_("What was not saved is gone. This is what is kept."), "info")
    return see_other(url_for("releases.edition", key=note.id))


@releases.post("/notes/preview", endpoint="preview")
@limiter.limit(OFTEN)
@requires(Permission.WRITE_NEWS)
def preview() -> str:
    """How the words of one language will look; nothing is kept."""
    typed = (request.form.get(f"body_{code}") for code in LOCALES)
    return str(render(next((text for text in typed if text is not None), "")))


@releases.get("/notes/ideas", endpoint="ideas")
@limiter.limit(OFTEN)
@requires(Permission.WRITE_NEWS)
def ideas() -> Response:
    """By number, or by words like theirs."""
    said = request.args.get("more", "").strip()[:300]
    return page("releases/_ideas.html", found=_ideas_for(said), statuses=STATUSES, said=said)


@releases.get("/notes/<uuid:key>/preview", endpoint="as_readers")
@requires(Permission.WRITE_NEWS)
def as_readers(key: UUID) -> Response:
    asked = request.args.get("lang", "")
    spoken = asked if asked in LOCALES else language()
    found = reading.whole(db(), the_note(key), spoken)
    assert found is not None  # noqa: S101  a note has words
    return note_page(found, preview=True)


def _ideas_for(said: str) -> Sequence[FeatureRequest]:
    if said.lstrip("#").isdecimal():
        number = int(said.lstrip("#")[:9])
        return ideas_of.by_numbers(db(), the_actor(), [number])
    reader = reader_of(the_actor(), at_portal=False)
    return finding.similar(db(), the_actor(), reader, said, language=language())


def _written(form: NoteForm) -> Written:
    found = ideas_of.by_numbers(db(), the_actor(), form.numbers())
    return Written(
        words=form.words(),
        version=form.version.data or "",
        modules=tuple(form.modules.data or ()),
        ideas=[idea.id for idea in found],
    )


def _fields(note: Release) -> dict[str, Any]:
    linked = ideas_of.of_note(db(), the_actor(), note.id)
    return {
        "version": note.version,
        "modules": note.modules,
        "ideas": [str(idea.number) for idea in linked],
        "edition": str(note.edition),
        **fields_of(reading.texts(db(), note.id)),
    }


def _form(form: NoteForm, note: Release | None = None) -> NoteForm:
    form.modules.choices = list(module_names(*(note.modules if note else ())).items())
    return form


def _keep(place: str) -> Response:
    sent = {name: request.form.getlist(name) for name in FIELDS}
    typed = as_draft(sent)
    if not any(typed[name].strip() for name in FIELDS if name not in {"edition", "modules"}):
        typed = {}
    drafts.save(db(), place, typed, by=the_actor(), at=utcnow())
    return Empty(status=204)


def _go_on(note: Release) -> Response:
    flash(_("Saved."))
    if request.form.get("then") == FURTHER:
        return see_other(url_for("releases.publication", key=note.id))
    return see_other(url_for("releases.edition", key=note.id))


def _changed(form: NoteForm, note: Release) -> Response:
    """Both on one page; the next press saves over what is there now."""
    db().refresh(note)
    form.edition.data, form.edition.raw_data = str(note.edition), None
    return _page(form, note, theirs=reading.texts(db(), note.id), status=409)


def _page(
    form: NoteForm,
    note: Release | None = None,
    *,
    draft: Draft | None = None,
    theirs: Mapping[str, ReleaseText] | None = None,
    status: int = 200,
) -> Response:
    return page(
        "releases/edit.html",
        status=status,
        form=form,
        release=note,
        draft=draft,
        theirs=theirs,
        chosen=ideas_of.by_numbers(db(), the_actor(), form.numbers()),
        statuses=STATUSES,
        **words(),
    )


def _place(note: Release) -> str:
    return f"release:{note.id}"
