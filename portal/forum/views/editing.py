"""Correcting what was written."""

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.forum import may_edit
from portal.core.permissions import Permission
from portal.forum.forms import EditPostForm, EditReplyForm, TitleForm
from portal.forum.models import Post, Reply
from portal.forum.service import editing
from portal.forum.service.editing import ChangedMeanwhile
from portal.forum.views.blueprint import forum, post_of, reply_of, shown, to_reply, to_thread
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash


@forum.get("/<int:number>/text", endpoint="edit_post")
@requires(Permission.TAKE_PART)
def post_form(number: int) -> Response:
    post = _own(post_of(number))
    form = EditPostForm(formdata=None, title=post.title, body=post.body, edition=post.edition)
    return _page(post, post, form)


@forum.post("/<int:number>/text", endpoint="save_post")
@requires(Permission.TAKE_PART)
def save_post(number: int) -> Response:
    post, form = _own(post_of(number)), EditPostForm()
    if not form.validate():
        return _page(post, post, form, status=422)
    try:
        editing.edit_post(
            db(),
            post,
            form.title.data,
            form.body.data,
            form.edition.data,
            by=the_actor(),
            at=utcnow(),
        )
    except ChangedMeanwhile:
        return _changed(post, post, form)
    flash(_("Saved."))
    return to_thread(post)


@forum.get("/<int:number>/title", endpoint="edit_title")
@requires(Permission.TAKE_PART)
def title_form(number: int) -> Response:
    post = _titled(number)
    return _title_page(post, TitleForm(formdata=None, title=post.title, edition=post.edition))


@forum.post("/<int:number>/title", endpoint="save_title")
@requires(Permission.TAKE_PART)
def save_title(number: int) -> Response:
    post, form = _titled(number), TitleForm()
    if not form.validate():
        return _title_page(post, form, status=422)
    try:
        editing.retitle(db(), post, form.title.data, form.edition.data, by=the_actor(), at=utcnow())
    except ChangedMeanwhile:
        db().refresh(post)
        form.edition.data, form.edition.raw_data = post.edition, None
        form.title.errors = [_("Somebody changed it meanwhile to: %(title)s", title=post.title)]
        return _title_page(post, form, status=409)
    flash(_("Saved."))
    return to_thread(post)


@forum.get("/replies/<uuid:reply_id>/text", endpoint="edit_reply")
@requires(Permission.TAKE_PART)
def reply_form(reply_id: UUID) -> Response:
    post, reply = _own_reply(reply_id)
    form = EditReplyForm(formdata=None, body=reply.body, edition=reply.edition)
    return _page(post, reply, form)


@forum.post("/replies/<uuid:reply_id>/text", endpoint="save_reply")
@requires(Permission.TAKE_PART)
def save_reply(reply_id: UUID) -> Response:
    (post, reply), form = _own_reply(reply_id), EditReplyForm()
    if not form.validate():
        return _page(post, reply, form, status=422)
    try:
        editing.edit_reply(
            db(), post, reply, form.body.data, form.edition.data, by=the_actor(), at=utcnow()
        )
    except ChangedMeanwhile:
        return _changed(post, reply, form)
    flash(_("Saved."))
    return to_reply(post, reply)


def _titled(number: int) -> Post:
    post = post_of(number)
    if not the_actor().may(Permission.EDIT_TITLES):
        raise Problem(403, _("Titles of others are improved from the level of a guide on."))
    return post


def _title_page(post: Post, form: TitleForm, *, status: int = 200) -> Response:
    return shown("forum/title.html", status=status, post=post, form=form)


def _own(post: Post) -> Post:
    _require(post, post)
    return post


def _own_reply(reply_id: UUID) -> tuple[Post, Reply]:
    post, reply = reply_of(reply_id)
    _require(post, reply)
    return post, reply


def _require(post: Post, what: Post | Reply) -> None:
    if not may_edit(the_actor(), what.author_id, locked=post.locked_at is not None):
        raise Problem(403, _("Only its author and moderators change it, while it is open."))


def _changed(post: Post, what: Post | Reply, form: Any) -> Response:
    """Both texts on one page; the next press saves over what is there now."""
    db().refresh(what)
    form.edition.data = what.edition
    form.edition.raw_data = None
    return _page(post, what, form, theirs=what, status=409)


def _page(
    post: Post, what: Post | Reply, form: Any, *, theirs: Any = None, status: int = 200
) -> Response:
    return shown(
        "forum/edit.html",
        status=status,
        post=post,
        what=what,
        is_post=isinstance(what, Post),
        form=form,
        theirs=theirs,
    )
