"""Hearing of what is written, or no longer."""

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.addresses import category_path
from portal.forum.service import following
from portal.forum.views.blueprint import categories, forum, post_of, to_thread
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other


@forum.post("/<int:number>/following", endpoint="follow")
@requires(Permission.TAKE_PART)
def follow(number: int) -> Response:
    post = post_of(number)
    following.follow_thread(db(), post.id, by=the_actor(), at=utcnow())
    flash(_("You will hear of new replies."))
    return to_thread(post)


@forum.post("/<int:number>/following/removal", endpoint="leave")
@requires(Permission.TAKE_PART)
def leave(number: int) -> Response:
    post = post_of(number)
    following.leave_thread(db(), post.id, by=the_actor())
    flash(_("You will no longer hear of this thread."))
    return to_thread(post)


@forum.post("/in/<category>/following", endpoint="follow_category")
@requires(Permission.TAKE_PART)
def follow_category(category: str) -> Response:
    _known(category)
    following.follow_category(db(), category, by=the_actor(), at=utcnow())
    flash(_("You will hear of new threads in this category."))
    return see_other(category_path(category))


@forum.post("/in/<category>/following/removal", endpoint="leave_category")
@requires(Permission.TAKE_PART)
def leave_category(category: str) -> Response:
    _known(category)
    following.leave_category(db(), category, by=the_actor())
    flash(_("You will no longer hear of this category."))
    return see_other(category_path(category))


def _known(category: str) -> None:
    if category not in categories():
        raise NotFound
