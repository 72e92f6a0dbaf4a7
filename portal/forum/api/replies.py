"""Write in a thread."""

from flask import Response

from portal.core.permissions import Permission, Scope
from portal.forum.api import rendering
from portal.forum.api.blueprint import api, post_of, too_many
from portal.forum.api.shapes import MadeReply, NewReply, PostPath
from portal.forum.models import State
from portal.forum.service import posting
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.api.shapes import OnceHeader, answer, answers
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.idempotency import once


@api.post(
    "/posts/<id>/replies",
    operation_id="createReply",
    responses=answers(201, MadeReply, 409),
    description="Whoever follows the thread is told, you follow it from now on.",
)
@requires(Permission.TAKE_PART, scope=Scope.WRITE_COMMUNITY)
@once
def create_reply(header: OnceHeader, path: PostPath, body: NewReply) -> Response:
    """Reply to a post"""
    post = post_of(path.id)
    try:
        done = posting.reply(db(), post, body.body, by=the_actor(), at=utcnow())
    except posting.TooMany:
        raise too_many() from None
    except posting.Locked:
        raise Problem(409, _("This thread is locked.")) from None
    facts = rendering.reply_facts(done.reply, post, rendering.root())
    held = done.reply.state == State.HELD
    made = MadeReply(**facts, is_held=held, masked_count=len(done.masked))
    return answer(made, 201, facts["url"])
