"""List, read and begin threads."""

from flask import Response, url_for

from portal.community.doors import require_open_to
from portal.core.forum import pages
from portal.core.permissions import Permission, Scope
from portal.forum.api import rendering
from portal.forum.api.blueprint import api, known_category, post_of, too_many
from portal.forum.api.shapes import (
    MadePost,
    NewPost,
    PostPage,
    PostPath,
    PostsQuery,
    RepliesQuery,
    WholePost,
)
from portal.forum.models import Kind, State
from portal.forum.queries import listing
from portal.forum.queries import thread as queries
from portal.forum.queries.listing import Sort, Wanted
from portal.forum.service import posting
from portal.foundation.clock import utcnow
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.formatting import language
from portal.foundation.web.idempotency import once


@api.get(
    "/posts",
    operation_id="listPosts",
    responses=answers(200, PostPage),
    description="Threads of the forum, without what stands in them.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def list_posts(query: PostsQuery) -> Response:
    """List threads"""
    require_open_to(the_actor())
    wanted = Wanted(Sort(query.sort), query.category or "", with_pinned=True)
    page = listing.threads(db(), wanted, query.place(), query.limit)
    at = rendering.root()
    items = [rendering.post(row, at) for row in page.items]
    cursor = str(page.next_cursor) if page.next_cursor else None
    return answer(PostPage(items=items, next_cursor=cursor))


@api.get(
    "/posts/<id>",
    operation_id="readPost",
    responses=answers(200, WholePost),
    description="With a page of its replies, in the order in which they were written.",
)
@requires(Permission.READ_HELP, scope=Scope.READ_COMMUNITY)
def read_post(path: PostPath, query: RepliesQuery) -> Response:
    """Read a thread"""
    require_open_to(the_actor())
    post, at = post_of(path.id), rendering.root()
    if query.page > pages(post.last_number):
        raise NotFound
    rows = queries.readable_replies(db(), post.id, query.page)
    return answer(
        WholePost(
            **rendering.post_facts(post, at),
            body=post.body,
            body_html=post.body_html,
            replies=[rendering.reply(row, post, at) for row in rows],
            pages=pages(post.last_number),
        )
    )


@api.post(
    "/posts",
    operation_id="createPost",
    responses=answers(201, MadePost, 409),
    description="Send an `Idempotency-Key`, so that trying again never makes a second thread.",
)
@requires(Permission.TAKE_PART, scope=Scope.WRITE_COMMUNITY)
@once
def create_post(header: OnceHeader, body: NewPost) -> Response:
    """Begin a thread"""
    new = posting.NewPost(
        kind=Kind(body.kind),
        category=known_category(body.category),
        language=body.language or language(),
        title=body.title,
        body=body.body,
    )
    try:
        done = posting.begin(db(), new, by=the_actor(), at=utcnow())
    except posting.TooMany:
        raise too_many() from None
    facts = rendering.post_facts(done.post, rendering.root())
    held = done.post.state == State.HELD
    made = MadePost(**facts, is_held=held, masked_count=len(done.masked))
    return answer(made, 201, url_for("forum_api.read_post", id=done.post.id))
