"""Words that are not sent yet, and how they will look."""

from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.views.blueprint import forum, post_of
from portal.forum.views.threads import draft_place
from portal.forum.views.writing import NEW
from portal.foundation.clock import utcnow
from portal.foundation.markup import render
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.writing.service import drafts

FIELDS = ("title", "body", "kind", "category")


@forum.post("/new/draft", endpoint="draft_of_new")
@requires(Permission.TAKE_PART)
def of_new() -> Response:
    """A choice alone is nothing that one would miss."""
    typed = {name: clean(request.form.get(name, "")) for name in FIELDS}
    if not (typed["title"].strip() or typed["body"].strip()):
        typed = {}
    drafts.save(db(), NEW, typed, by=the_actor(), at=utcnow())
    return Response(status=204)


@forum.post("/new/draft/removal", endpoint="drop_draft")
@requires(Permission.TAKE_PART)
def drop() -> Response:
    drafts.forget(db(), NEW, by=the_actor())
    flash(_("The draft is gone. Here is an empty form."), "info")
    return see_other("/forum/new")


@forum.post("/<int:number>/draft", endpoint="draft_of_reply")
@requires(Permission.TAKE_PART)
def of_reply(number: int) -> Response:
    place = draft_place(post_of(number))
    typed = {"body": clean(request.form.get("body", ""))}
    drafts.save(db(), place, typed, by=the_actor(), at=utcnow())
    return Response(status=204)


@forum.post("/preview", endpoint="preview")
@requires(Permission.TAKE_PART)
def preview() -> str:
    """Nothing is kept."""
    return str(render(request.form.get("body", "")))
