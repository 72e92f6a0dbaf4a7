"""Words and fields, explained."""

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
from portal.foundation.web.formatting import language
from portal.foundation.web.fragments import page, see_other
from portal.guidance.forms import SAVE, TermEdit, acted
from portal.guidance.models import Term
from portal.guidance.queries import choosing
from portal.guidance.queries import terms as queries
from portal.guidance.service import terms
from portal.guidance.service.refusals import ChangedMeanwhile, KeyTaken
from portal.guidance.views import differences, guidance, module_choices


@guidance.get("/terms", endpoint="terms")
@requires(Permission.MANAGE_GUIDANCE)
def index() -> Response:
    found = queries.terms(db())
    return page(
        "guidance/terms.html",
        terms=found,
        modules=dict(module_choices("")),
        tongues=LANGUAGES,
        missing=[one for one in found if any(not one.texts.get(code) for code, _n in LANGUAGES)],
    )


@guidance.get("/terms/new", endpoint="new_term")
@requires(Permission.MANAGE_GUIDANCE)
def new() -> Response:
    return _page(None, TermEdit())


@guidance.post("/terms", endpoint="add_term")
@requires(Permission.MANAGE_GUIDANCE)
def add() -> Response:
    return _worked_on(None, TermEdit.typed(request.form))


@guidance.post("/terms/preview", endpoint="preview_term")
@requires(Permission.MANAGE_GUIDANCE)
def preview() -> Response:
    """How it will look, while it is typed; nothing is kept."""
    edit = TermEdit.typed(request.form)
    return page("guidance/term.html", blocks=("preview",), **_values(None, edit, None))


@guidance.get("/terms/<uuid:term_id>", endpoint="term")
@requires(Permission.MANAGE_GUIDANCE)
def one(term_id: UUID) -> Response:
    term = _found(term_id)
    return _page(term, TermEdit.of(term))


@guidance.post("/terms/<uuid:term_id>", endpoint="save_term")
@requires(Permission.MANAGE_GUIDANCE)
def save(term_id: UUID) -> Response:
    return _worked_on(_found(term_id), TermEdit.typed(request.form))


def _worked_on(term: Term | None, edit: TermEdit) -> Response:
    verb, what = acted(request.form)
    if verb != SAVE:
        edit.act(verb, what)
        return _page(term, edit)
    words = edit.words()
    if words is None:
        return _page(term, edit, 422)
    try:
        if term is None:
            terms.add(db(), words, by=the_actor(), at=utcnow())
        else:
            terms.save(db(), term, words, seen=edit.seen, by=the_actor(), at=utcnow())
    except KeyTaken:
        edit.errors["key"] = _("Another term has this key.")
        return _page(term, edit, 422)
    except ChangedMeanwhile:
        return _changed(term, edit)
    flash(_("Saved."))
    return see_other(url_for("guidance.terms"))


def _changed(term: Term | None, edit: TermEdit) -> Response:
    """What was typed stays on the page; sent once more it replaces what somebody else saved."""
    if term is None or (now := queries.term(db(), term.id)) is None:
        raise NotFound
    saved = TermEdit.of(now)
    edit.seen = saved.seen
    return _page(now, edit, 409, saved)


def _page(
    term: Term | None, edit: TermEdit, status: int = 200, saved: TermEdit | None = None
) -> Response:
    return page(
        "guidance/term.html", blocks=("editor",), status=status, **_values(term, edit, saved)
    )


def _values(term: Term | None, edit: TermEdit, saved: TermEdit | None) -> dict[str, Any]:
    session, tongue = db(), language()
    return {
        "term": term,
        "edit": edit,
        "saved": saved,
        "differing": differences(saved, edit) if saved else [],
        "tongues": LANGUAGES,
        "modules": module_choices(edit.module),
        "articles": choosing.articles_by(session, edit.topics, tongue),
        "found": choosing.articles_called(session, edit.find, tongue) if edit.find else [],
    }


@guidance.get("/terms/<uuid:term_id>/removal", endpoint="term_removal")
@requires(Permission.MANAGE_GUIDANCE)
def removal(term_id: UUID) -> Response:
    return page(
        "guidance/removal.html",
        name=_found(term_id).key,
        what=_("Fields that name this key have no explanation from then on."),
        action=url_for("guidance.remove_term", term_id=term_id),
        back=url_for("guidance.term", term_id=term_id),
        tab="terms",
    )


@guidance.post("/terms/<uuid:term_id>/removal", endpoint="remove_term")
@requires(Permission.MANAGE_GUIDANCE)
def remove(term_id: UUID) -> Response:
    terms.remove(db(), _found(term_id), by=the_actor(), at=utcnow())
    flash(_("Removed."))
    return see_other(url_for("guidance.terms"))


def _found(term_id: UUID) -> Term:
    found = queries.term(db(), term_id)
    if found is None:
        raise NotFound
    return found
