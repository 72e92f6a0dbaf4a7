"""Keeping order."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from portal.core.forum import page_of
from portal.core.permissions import Permission
from portal.forum.forms import MergeForm, MoveForm, SplitForm
from portal.forum.models import Post, State
from portal.forum.queries import thread as queries
from portal.forum.service import moderating
from portal.forum.views.blueprint import categories, forum, post_of, shown, to_thread
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.flashes import flash


@forum.post("/<int:number>/pin", endpoint="pin")
@requires(Permission.MODERATE)
def pin(number: int) -> Response:
    return _do(number, moderating.pin, _("Pinned: it stands above the others."))


@forum.post("/<int:number>/pin/removal", endpoint="unpin")
@requires(Permission.MODERATE)
def unpin(number: int) -> Response:
    return _do(number, moderating.unpin, _("It stands among the others again."))


@forum.post("/<int:number>/lock", endpoint="lock")
@requires(Permission.MODERATE)
def lock(number: int) -> Response:
    return _do(number, moderating.lock, _("Locked: only moderators write in it."))


@forum.post("/<int:number>/lock/removal", endpoint="unlock")
@requires(Permission.MODERATE)
def unlock(number: int) -> Response:
    return _do(number, moderating.unlock, _("Open again."))


def _do(number: int, deed: Callable[..., Any], said: str) -> Response:
    post = post_of(number)
    deed(db(), post, by=the_actor(), at=utcnow())
    flash(said)
    return to_thread(post)


@forum.get("/<int:number>/order", endpoint="order")
@requires(Permission.MODERATE)
def page(number: int) -> Response:
    """Move, join and split, which ask for more than a press."""
    return _page(post_of(number))


@forum.post("/<int:number>/category", endpoint="move")
@requires(Permission.MODERATE)
def move(number: int) -> Response:
    post, form = post_of(number), MoveForm(categories())
    if not form.validate():
        return _page(post, moving=form, status=422)
    moderating.move(db(), post, form.category.data, by=the_actor(), at=utcnow())
    flash(_("Moved."))
    return to_thread(post)


@forum.post("/<int:number>/merger", endpoint="merge")
@requires(Permission.MODERATE)
def merge(number: int) -> Response:
    post, form = post_of(number), MergeForm()
    if not form.validate():
        return _page(post, merging=form, status=422)
    into = queries.post(db(), form.into.data)
    try:
        if into is None:
            raise moderating.Itself
        moderating.merge(db(), post, into, by=the_actor(), at=utcnow())
    except moderating.Itself:
        form.into.errors = [_("There is no other open thread with this number.")]
        return _page(post, merging=form, status=422)
    flash(_("Joined. The former address leads here."))
    return to_thread(into)


@forum.post("/<int:number>/split", endpoint="split")
@requires(Permission.MODERATE)
def split(number: int) -> Response:
    post, form = post_of(number), SplitForm()
    if not form.validate():
        return _page(post, splitting=form, status=422)
    chosen = form.replies.data or []
    try:
        new = moderating.split(db(), post, chosen, form.title.data, by=the_actor(), at=utcnow())
    except moderating.NothingChosen:
        form.replies.errors = [_("Choose the replies that belong to the new thread.")]
        return _page(post, splitting=form, status=422)
    flash(_("A thread of its own."))
    return to_thread(new)


def _page(
    post: Post,
    *,
    moving: MoveForm | None = None,
    merging: MergeForm | None = None,
    splitting: SplitForm | None = None,
    status: int = 200,
) -> Response:
    last = queries.replies(db(), post.id, page_of(post.last_number)).replies
    return shown(
        "forum/order.html",
        status=status,
        post=post,
        names=categories(post.category),
        moving=moving or MoveForm(categories(), formdata=None, category=post.category),
        merging=merging or MergeForm(formdata=None),
        splitting=splitting or SplitForm(formdata=None),
        replies=[row for row in last if row.state == State.PUBLISHED],
    )
