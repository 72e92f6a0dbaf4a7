"""The blueprint of the forum, and what its pages share: where one is, and what stands there."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, g
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from portal.community.doors import require_open
from portal.community.queries import people
from portal.community.service.standing import with_earned
from portal.core.forum import is_author
from portal.core.permissions import Actor, Permission
from portal.forum.addresses import reply_path, thread_path
from portal.forum.models import Post, Reply, State
from portal.forum.queries import thread as queries
from portal.forum.views.placing import words
from portal.foundation.clock import utcnow
from portal.foundation.speech import language
from portal.foundation.web.access import widen_in
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound
from portal.foundation.web.fragments import page, see_other
from portal.foundation.web.site import is_portal, the_site
from portal.policy.modules import modules_with
from portal.policy.running import running_pack

forum: Final = Blueprint("forum", __name__, url_prefix="/forum")
OFTEN: Final = "60 per minute"  # presses of a button
WRITING: Final = "20 per minute; 200 per hour"  # posts and replies
forum.before_request(require_open)


@forum.record
def _let_moderate(state: BlueprintSetupState) -> None:
    """Who has earned it, here and nowhere else."""
    widen_in(state.app, forum.name, lambda actor: with_earned(db(), actor, at=utcnow()))


def who() -> Actor | None:
    """Whoever may do something here; at a portal everybody reads, and nothing else."""
    actor: Actor | None = None if is_portal() else g.get("actor")
    return actor


def moderates() -> bool:
    actor = who()
    return actor is not None and actor.may(Permission.MODERATE)


def companies(builder_ids: Collection[UUID | None]) -> Mapping[UUID, str]:
    """Names by key; a portal bears one builder's, and those of others have no place there."""
    here = the_site().builder_id
    return people.shown_names(db(), {key for key in builder_ids if here in (None, key)})


def categories(*further: str) -> dict[str, str]:
    """Name by key, in the reader's language; and what was chosen once."""
    return modules_with(running_pack(), language(), *further)


def post_of(number: int) -> Post:
    """One that can be read, for whoever asks. Raises NotFound."""
    return readable(queries.post(db(), number))


def readable(found: Post | None) -> Post:
    """Raises NotFound."""
    if found is None or not _may_read(found):
        raise NotFound
    return found


def reply_of(reply_id: UUID) -> tuple[Post, Reply]:
    """One that can be read, with its thread. Raises NotFound."""
    found = queries.reply(db(), reply_id)
    if found is None:
        raise NotFound
    post, reply = found
    if not _may_read(post) or not _may_read(reply):
        raise NotFound
    return post, reply


def _may_read(what: Post | Reply) -> bool:
    """Its author what is held, moderators everything; what was joined elsewhere leads there."""
    if moderates() or what.state in (State.PUBLISHED, State.MERGED):
        return True
    return what.state == State.HELD and is_author(who(), what.author_id)


def to_thread(post: Post) -> Response:
    return see_other(thread_path(post.number, post.title))


def to_reply(post: Post, reply: Reply) -> Response:
    """What is held stands nowhere yet."""
    if reply.number is None:
        return to_thread(post)
    return see_other(reply_path(post.number, post.title, reply.number))


def shown(
    template: str, *, status: int = 200, blocks: tuple[str, ...] = (), **values: Any
) -> Response:
    """A portal's pages are for its own people: search engines know the platform's."""
    response = page(template, status=status, blocks=blocks, **(words() | values))
    if is_portal():
        response.headers["X-Robots-Tag"] = "noindex"
    return response
