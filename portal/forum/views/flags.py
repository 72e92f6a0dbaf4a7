"""Asking moderators to look, and their list of what waits."""

from uuid import UUID

from werkzeug.wrappers import Response

from portal.community.service.standing import NotYet
from portal.core.permissions import Permission
from portal.forum.addresses import MODERATION
from portal.forum.forms import FlagForm, RemovalForm
from portal.forum.models import Post, Reply, Wrong
from portal.forum.queries import flags as queries
from portal.forum.service import flagging, publishing
from portal.forum.views.blueprint import (
    OFTEN,
    forum,
    post_of,
    reply_of,
    shown,
    to_reply,
    to_thread,
)
from portal.forum.wording import WHY_HELD, WRONGS
from portal.foundation.clock import utcnow
from portal.foundation.speech import gettext as _
from portal.foundation.web.access import requires, the_actor
from portal.foundation.web.database import db
from portal.foundation.web.errors import Problem
from portal.foundation.web.flashes import flash
from portal.foundation.web.fragments import see_other
from portal.foundation.web.limits import limiter


@forum.get("/<int:number>/flag", endpoint="flag_of_post")
@requires(Permission.TAKE_PART)
def ask_of_post(number: int) -> Response:
    post = post_of(number)
    return _page(post, post, FlagForm(formdata=None))


@forum.post("/<int:number>/flag", endpoint="flag_post")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def flag_post(number: int) -> Response:
    post = post_of(number)
    return _flag(post, post) or to_thread(post)


@forum.get("/replies/<uuid:reply_id>/flag", endpoint="flag_of_reply")
@requires(Permission.TAKE_PART)
def ask_of_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    return _page(post, reply, FlagForm(formdata=None))


@forum.post("/replies/<uuid:reply_id>/flag", endpoint="flag_reply")
@limiter.limit(OFTEN)
@requires(Permission.TAKE_PART)
def flag_reply(reply_id: UUID) -> Response:
    post, reply = reply_of(reply_id)
    return _flag(post, reply) or to_reply(post, reply)


def _flag(post: Post, what: Post | Reply) -> Response | None:
    """None where it was taken."""
    form = FlagForm()
    if not form.validate():
        return _page(post, what, form, 422)
    try:
        flagging.flag(
            db(),
            what,
            Wrong(form.reason.data),
            form.comment.data,
            by=the_actor(),
            at=utcnow(),
        )
    except flagging.Own:
        raise Problem(409, _("These are your own words: you can change or remove them.")) from None
    except NotYet:
        raise Problem(
            403, _("Who has just joined can’t report yet. Write to us instead.")
        ) from None
    except flagging.Already:
        flash(_("You have reported this before. Moderators will look at it."), "info")
        return None
    flash(_("Thank you. Moderators will look at it, and you will hear of it."))
    return None


def _page(post: Post, what: Post | Reply, form: FlagForm, status: int = 200) -> Response:
    is_post = isinstance(what, Post)
    return shown(
        "forum/flag.html",
        status=status,
        post=post,
        what=what,
        is_post=is_post,
        form=form,
        wrongs=WRONGS,
    )


@forum.get("/moderation", endpoint="moderation")
@requires(Permission.MODERATE)
def waiting() -> Response:
    return _list()


def _list(
    wrong: UUID | None = None, form: RemovalForm | None = None, status: int = 200
) -> Response:
    return shown(
        "forum/moderation.html",
        status=status,
        cases=queries.cases(db()),
        held=queries.held(db()),
        why_held=WHY_HELD,
        wrongs=WRONGS,
        wrong=wrong,
        error=" ".join(str(one) for one in form.reason.errors) if form else "",
    )


@forum.post("/<int:number>/flags/upholding", endpoint="uphold_post")
@requires(Permission.MODERATE)
def uphold_post(number: int) -> Response:
    post = post_of(number)
    return _uphold(post, post)


@forum.post("/replies/<uuid:reply_id>/flags/upholding", endpoint="uphold_reply")
@requires(Permission.MODERATE)
def uphold_reply(reply_id: UUID) -> Response:
    return _uphold(*reply_of(reply_id))


def _uphold(post: Post, what: Post | Reply) -> Response:
    form = RemovalForm()
    if not form.validate():
        return _list(what.id, form, 422)
    flagging.uphold(db(), post, what, form.reason.data, by=the_actor(), at=utcnow())
    flash(_("It is gone; its author and who reported it are told."))
    return see_other(MODERATION)


@forum.post("/<int:number>/release", endpoint="release_post")
@requires(Permission.MODERATE)
def release_post(number: int) -> Response:
    post = post_of(number)
    return _release(post, post)


@forum.post("/replies/<uuid:reply_id>/release", endpoint="release_reply")
@requires(Permission.MODERATE)
def release_reply(reply_id: UUID) -> Response:
    return _release(*reply_of(reply_id))


def _release(post: Post, what: Post | Reply) -> Response:
    publishing.release(db(), post, what, by=the_actor(), at=utcnow())
    flash(_("Everybody can read it now."))
    return see_other(MODERATION)


@forum.post("/<int:number>/flags/dismissal", endpoint="dismiss_post")
@requires(Permission.MODERATE)
def dismiss_post(number: int) -> Response:
    post = post_of(number)
    return _dismiss(post, post)


@forum.post("/replies/<uuid:reply_id>/flags/dismissal", endpoint="dismiss_reply")
@requires(Permission.MODERATE)
def dismiss_reply(reply_id: UUID) -> Response:
    return _dismiss(*reply_of(reply_id))


def _dismiss(post: Post, what: Post | Reply) -> Response:
    flagging.dismiss(db(), post, what, by=the_actor(), at=utcnow())
    flash(_("It stays; who reported it is told."))
    return see_other(MODERATION)
