"""Taking something away, with a reason, and bringing it back."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Forbidden, Permission
from portal.forum.addresses import FORUM
from portal.forum.forms import RemovalForm
from portal.forum.models import Post, Reply
from portal.forum.service import removing
from portal.forum.views.blueprint import (
    forum,
    moderates,
    post_of,
    reply_of,
    shown,
    to_reply,
    to_thread,
)
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other


@forum.get("/<int:number>/removal", endpoint="removal_of_post")
@requires(Permission.TAKE_PART)
def ask_for_post(number: int) -> Response:
    post = post_of(number)
    return _page(post, post, RemovalForm(formdata=None))


@forum.post("/<int:number>/removal", endpoint="remove_post")
@requires(Permission.TAKE_PART)
def remove_post(number: int) -> Response:
    post, form = post_of(number), RemovalForm()
    if not form.validate():
        return _page(post, post, form, 422)
    try:
        removing.remove_post(db(), post, form.reason.data, by=the_actor(), at=utcnow())
    except Forbidden:
        raise _not_yours() from None
    except removing.Answered:
        raise Problem(
            409, _("Others have replied: only moderators take the thread away now.")
        ) from None
    flash(_("It is gone from the forum."))
    return to_thread(post) if moderates() else see_other(FORUM)


@forum.post("/<int:number>/restoration", endpoint="restore_post")
@requires(Permission.MODERATE)
def restore_post(number: int) -> Response:
    post = post_of(number)
    removing.restore_post(db(), post, by=the_actor(), at=utcnow())
    flash(_("It is back."))
    return to_thread(post)


@forum.get("/replies/<uuid:reply_id>/removal", endpoint="removal_of_reply")
@requires(Permission.TAKE_PART)
def ask_for_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    return _page(post, reply, RemovalForm(formdata=None))


@forum.post("/replies/<uuid:reply_id>/removal", endpoint="remove_reply")
@requires(Permission.TAKE_PART)
def remove_reply(reply_id: UUID) -> Response:
    (post, reply), form = reply_of(reply_id), RemovalForm()
    if not form.validate():
        return _page(post, reply, form, 422)
    try:
        removing.remove_reply(db(), post, reply, form.reason.data, by=the_actor(), at=utcnow())
    except Forbidden:
        raise _not_yours() from None
    flash(_("It is gone from the thread."))
    return to_reply(post, reply)


@forum.post("/replies/<uuid:reply_id>/restoration", endpoint="restore_reply")
@requires(Permission.MODERATE)
def restore_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    removing.restore_reply(db(), post, reply, by=the_actor(), at=utcnow())
    flash(_("It is back."))
    return to_reply(post, reply)


def _page(post: Post, what: Post | Reply, form: RemovalForm, status: int = 200) -> Response:
    return shown(
        "forum/removal.html",
        status=status,
        post=post,
        what=what,
        is_post=isinstance(what, Post),
        form=form,
    )


def _not_yours() -> Problem:
    return Problem(403, _("Only its author and moderators take it away."))
