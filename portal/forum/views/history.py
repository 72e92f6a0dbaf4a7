"""What stood there before."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.forum.models import Post, Reply
from portal.forum.queries import thread as queries
from portal.forum.views.blueprint import forum, post_of, reply_of, shown
from portal.forum.views.lists import WHY
from portal.foundation.web.access import public
from portal.foundation.web.database import db


@forum.get("/<int:number>/history", endpoint="history_of_post")
@public(WHY)
def of_post(number: int) -> Response:
    post = post_of(number)
    return _page(post, post)


@forum.get("/replies/<uuid:reply_id>/history", endpoint="history_of_reply")
@public(WHY)
def of_reply(reply_id: UUID) -> Response:
    return _page(*reply_of(reply_id))


def _page(post: Post, what: Post | Reply) -> Response:
    return shown(
        "forum/history.html",
        post=post,
        what=what,
        is_post=isinstance(what, Post),
        versions=queries.versions(db(), what),
    )
