"""Saying that something was useful."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.forum.models import Post, Reply
from portal.forum.service import voting
from portal.forum.views.blueprint import (
    OFTEN,
    forum,
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
from portal.foundation.web.fragments import is_htmx
from portal.foundation.web.limits import limiter


@forum.post("/<int:number>/vote", endpoint="vote_post")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def for_post(number: int) -> Response:
    post = post_of(number)
    _upvote(post)
    return _voted(post, voted=True) if is_htmx() else to_thread(post)


@forum.post("/<int:number>/vote/removal", endpoint="unvote_post")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def back_from_post(number: int) -> Response:
    post = post_of(number)
    voting.take_back(db(), post, by=the_actor(), at=utcnow())
    return _voted(post, voted=False) if is_htmx() else to_thread(post)


@forum.post("/replies/<uuid:reply_id>/vote", endpoint="vote_reply")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def for_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    _upvote(reply)
    return _voted(reply, voted=True) if is_htmx() else to_reply(post, reply)


@forum.post("/replies/<uuid:reply_id>/vote/removal", endpoint="unvote_reply")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def back_from_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    voting.take_back(db(), reply, by=the_actor(), at=utcnow())
    return _voted(reply, voted=False) if is_htmx() else to_reply(post, reply)


def _upvote(what: Post | Reply) -> None:
    try:
        voting.upvote(db(), what, by=the_actor(), at=utcnow())
    except voting.NotYours:
        raise Problem(409, _("Nobody votes for their own words, nor for what is gone.")) from None


def _voted(what: Post | Reply, *, voted: bool) -> Response:
    is_post = isinstance(what, Post)
    return shown(
        "forum/voted.html",
        id=what.id,
        action=f"/forum/{what.number}" if is_post else f"/forum/replies/{what.id}",
        count=what.upvote_count,
        voted=voted,
    )
