"""What people say of an idea."""

from uuid import UUID

from flask import Response as Empty
from flask import request
from werkzeug.wrappers import Response

from portal.core.permissions import Permission
from portal.foundation.clock import utcnow
from portal.foundation.markup.parsing import clean
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import NotFound, Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.foundation.web.idempotency import once_a_press
from portal.foundation.web.limits import limiter
from portal.ideas.addresses import idea_path
from portal.ideas.forms import CommentForm
from portal.ideas.queries import talk
from portal.ideas.service import commenting
from portal.ideas.service.refusals import NotOpen
from portal.ideas.views.blueprint import WRITING, ideas, the_idea
from portal.ideas.views.showing import comment_place, idea_page
from portal.writing.service import drafts


@ideas.post("/<int:number>/comments", endpoint="comment")
@limiter.limit(WRITING)
@requires(Permission.TAKE_PART)
@once_a_press
def comment(number: int) -> Response:
    idea, form = the_idea(number), CommentForm()
    if not form.validate():
        return idea_page(idea, status=422, comment=form)
    try:
        said = commenting.comment(db(), idea, form.body.data, by=the_actor(), at=utcnow())
    except NotOpen:
        raise Problem(409, _("This idea was merged into another one.")) from None
    drafts.forget(db(), comment_place(idea), by=the_actor())
    return see_other(f"{idea_path(idea.number)}#comment-{said.id}")


@ideas.post("/<int:number>/comments/draft", endpoint="draft_of_comment")
@requires(Permission.TAKE_PART)
def draft(number: int) -> Response:
    idea, body = the_idea(number), clean(request.form.get("body", ""))
    drafts.save(db(), comment_place(idea), {"body": body}, by=the_actor(), at=utcnow())
    return Empty(status=204)


@ideas.post("/<int:number>/comments/<uuid:comment_id>/removal", endpoint="remove_comment")
@requires(Permission.TAKE_PART)
def remove(number: int, comment_id: UUID) -> Response:
    idea = the_idea(number)
    said = talk.comment(db(), idea.id, comment_id)
    if said is None or not commenting.may_remove(said, the_actor()):
        raise NotFound
    commenting.remove(db(), idea, said, by=the_actor(), at=utcnow())
    flash(_("The comment is gone."), "info")
    return see_other(idea_path(idea.number))
